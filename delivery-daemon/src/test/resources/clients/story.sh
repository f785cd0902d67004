#!/bin/sh
# The story of story.txt with the AWS CLI, version 1. Endpoint, region and credentials come from the environment.
#
#   story.sh AWS   the program
set -eu

aws="$1"
role=arn:aws:iam::123456789012:role/firehose
key=arn:aws:kms:us-east-1:123456789012:key
destination='{
    "RoleARN": "'$role'",
    "BucketARN": "arn:aws:s3:::story",
    "Prefix": "first/c=!{partitionKeyFromQuery:c}/",
    "ErrorOutputPrefix": "errors/",
    "BufferingHints": {"SizeInMBs": 64, "IntervalInSeconds": 900},
    "DynamicPartitioningConfiguration": {"Enabled": true},
    "ProcessingConfiguration": {"Enabled": true, "Processors": [
        {"Type": "MetadataExtraction", "Parameters": [
            {"ParameterName": "MetadataExtractionQuery", "ParameterValue": "{c: .c}"},
            {"ParameterName": "JsonParsingEngine", "ParameterValue": "JQ-1.6"}]}]},
    "DataFormatConversionConfiguration": {
        "Enabled": true,
        "SchemaConfiguration": {"DatabaseName": "db", "TableName": "story", "RoleARN": "'$role'", "Region": "us-east-1"},
        "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
        "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {"Compression": "GZIP"}}}}}'

firehose() {
    "$aws" --output text firehose "$@"
}

tell() {
    operation="$1"
    shift
    echo "$operation: $*"
}

# described QUERY: what DescribeDeliveryStream shows of the stream.
described() {
    firehose describe-delivery-stream --delivery-stream-name story --query "DeliveryStreamDescription.$1"
}

# refused OPERATION ARGUMENTS...: tells the name and the text of the exception.
refused() {
    operation="$1"
    shift
    if firehose "$@" >/dev/null 2>refusal; then
        echo "$operation was not refused" >&2
        exit 1
    fi
    cat refusal >&2
    tell "$operation" "$(sed -n 's/.*An error occurred (\(.*\)) when calling the '"$operation"' operation: /\1: /p' refusal)"
}

# until_is PATTERN COMMAND...: what the command said then is in $seen.
until_is() {
    wanted="$1"
    shift
    end=$(($(date +%s) + 120))
    while :; do
        seen="$("$@")"
        # shellcheck disable=SC2254
        case "$seen" in $wanted) return ;; esac
        [ "$(date +%s)" -lt "$end" ] || { echo "It has taken longer than two minutes: $*" >&2; exit 1; }
    done
}

# records FIRST LAST: as PutRecordBatch takes them.
records() {
    n="$1"
    separator='['
    while [ "$n" -le "$2" ]; do
        if [ $((n % 2)) -eq 0 ]; then c=a; else c=b; fi
        printf '%s{"Data": "{\\"n\\": %d, \\"c\\": \\"%s\\"}"}' "$separator" "$n" "$c"
        separator=', '
        n=$((n + 1))
    done
    echo ']'
}

put() {
    list_of_one="$(records "$1" "$1")"
    one="${list_of_one#'['}"
    tell PutRecord encrypted "$(firehose put-record --delivery-stream-name story \
        --record "${one%']'}" --query 'to_string(Encrypted)')"
}

# Create, and look at what has been made.
begun="$(date -u +%Y-%m-%dT%H:%M:%S)"
tell CreateDeliveryStream "$(firehose create-delivery-stream --delivery-stream-name story \
    --delivery-stream-type DirectPut --extended-s3-destination-configuration "$destination" \
    --tags Key=team,Value=a --query DeliveryStreamARN)"
until_is ACTIVE described DeliveryStreamStatus
# One line for each fact of one answer.
described "join(\`\"\\n\"\`, [
    join(' ', [DeliveryStreamName, DeliveryStreamStatus, DeliveryStreamType, 'version', VersionId]),
    Destinations[0].join(' ', [DestinationId, ExtendedS3DestinationDescription.join(' ', [
        BucketARN, Prefix, ErrorOutputPrefix, to_string(BufferingHints.SizeInMBs), 'MB',
        to_string(BufferingHints.IntervalInSeconds), 's', CompressionFormat])]),
    Destinations[0].ExtendedS3DestinationDescription.join(' ', ['partitioning',
        to_string(DynamicPartitioningConfiguration.Enabled), ProcessingConfiguration.Processors[0].Type,
        ProcessingConfiguration.Processors[0].Parameters[0].ParameterValue]),
    Destinations[0].ExtendedS3DestinationDescription.DataFormatConversionConfiguration.join('', [
        SchemaConfiguration.DatabaseName, '.', SchemaConfiguration.TableName, ' ParquetSerDe ',
        OutputFormatConfiguration.Serializer.ParquetSerDe.Compression]),
    CreateTimestamp, VersionId, Destinations[0].DestinationId])" >facts
{
    for _ in 1 2 3 4; do
        IFS= read -r fact
        tell DescribeDeliveryStream "$fact"
    done
    read -r created
    read -r version
    read -r destination_id
} <facts
# Times are texts of one form in one zone: their order is that of the letters.
if printf '%s\n' "$begun" "$created" "$(date -u +%Y-%m-%dT%H:%M:%S)~" | LC_ALL=C sort -c; then
    tell DescribeDeliveryStream created since this began
fi
refused CreateDeliveryStream create-delivery-stream --delivery-stream-name story \
    --extended-s3-destination-configuration "$destination"
refused CreateDeliveryStream create-delivery-stream --delivery-stream-name other \
    --extended-s3-destination-configuration \
    '{"RoleARN": "'$role'", "BucketARN": "arn:aws:s3:::story", "Prefix": "other/!{timestamp:yyyy}/"}'

# List.
list() {
    tell ListDeliveryStreams "$(firehose list-delivery-streams "$@" \
        --query "join(' ', [DeliveryStreamNames[], ['more', to_string(HasMoreDeliveryStreams)]][])")"
}
list
list --limit 1
list --exclusive-start-delivery-stream-name bytes

# Put: a quota refuses a part of the batch, which is sent again.
put_batch() {
    firehose put-record-batch --delivery-stream-name story --records "file://$1" --query "$2"
}
records 0 499 >batch.json
put_batch batch.json "[join(' ', [to_string(FailedPutCount), 'of', to_string(length(RequestResponses)), 'refused:',
    RequestResponses[?ErrorCode] | [0].ErrorCode, RequestResponses[?ErrorCode] | [0].ErrorMessage]),
    join(' ', [to_string(length(RequestResponses[?RecordId]))])]" | tr '\t' '\n' >answer
tell PutRecordBatch "$(sed -n 1p answer)"
sleep 1
records "$(sed -n 2p answer)" 499 >failed.json # records beyond a quota are the last ones of the batch
put_batch failed.json "join(' ', [to_string(FailedPutCount), 'of', to_string(length(RequestResponses)), 'refused,',
    to_string(length(RequestResponses[?RecordId])), 'new ids'])" >answer
tell PutRecordBatch "$(cat answer)"
put 500
byte=0
while [ "$byte" -lt 256 ]; do
    # shellcheck disable=SC2059
    printf "\\$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
    byte=$((byte + 1))
done >bytes
firehose put-record --delivery-stream-name bytes --record Data@=fileb://bytes >/dev/null
firehose put-record --delivery-stream-name bytes --record '{"Data": ""}' >/dev/null
refused PutRecord put-record --delivery-stream-name nowhere --record Data=x

# Tags.
tags() {
    tell ListTagsForDeliveryStream "$(firehose list-tags-for-delivery-stream --delivery-stream-name story "$@" \
        --query "join(' ', [Tags[].join('=', [Key, Value]), ['more', to_string(HasMoreTags)]][])")"
}
tags
firehose tag-delivery-stream --delivery-stream-name story --tags Key=zone,Value=1
tell TagDeliveryStream done
tags
tags --limit 1
tags --exclusive-start-tag-key team
firehose untag-delivery-stream --delivery-stream-name story --tag-keys team
tell UntagDeliveryStream done
tags

# Update.
set -- update-destination --delivery-stream-name story --current-delivery-stream-version-id "$version" \
    --destination-id "$destination_id" \
    --extended-s3-destination-update '{"Prefix": "second/c=!{partitionKeyFromQuery:c}/"}'
firehose "$@"
tell UpdateDestination version \
    "$(described "join(' ', [VersionId, Destinations[0].ExtendedS3DestinationDescription.Prefix])")"
refused UpdateDestination "$@"

# Encryption.
set -- start-delivery-stream-encryption --delivery-stream-name story --delivery-stream-encryption-configuration-input
firehose "$@" "KeyType=CUSTOMER_MANAGED_CMK,KeyARN=$key/k1"
encryption="DeliveryStreamEncryptionConfiguration.join(' ', [Status, KeyType || '', KeyARN || ''])"
until_is 'ENABLED *' described "$encryption"
tell StartDeliveryStreamEncryption "$seen"
put 501
firehose stop-delivery-stream-encryption --delivery-stream-name story
until_is DISABLED described DeliveryStreamEncryptionConfiguration.Status
tell StopDeliveryStreamEncryption "$seen"
put 502
refused StartDeliveryStreamEncryption "$@" "KeyType=CUSTOMER_MANAGED_CMK,KeyARN=$key/k2"

# Callers who may not.
right_secret="$AWS_SECRET_ACCESS_KEY"
AWS_SECRET_ACCESS_KEY=wrong-secret
refused PutRecord put-record --delivery-stream-name story --record Data=x
AWS_SECRET_ACCESS_KEY="$right_secret"
AWS_ACCESS_KEY_ID=reader
refused PutRecord put-record --delivery-stream-name story --record Data=x
AWS_ACCESS_KEY_ID=known

# Whoever runs this has everything land, and answers with a line.
echo '(landing)'
read -r _

# Delete.
names() {
    firehose list-delivery-streams --query "join(' ', DeliveryStreamNames)"
}
firehose delete-delivery-stream --delivery-stream-name story
until_is bytes names
refused DeleteDeliveryStream delete-delivery-stream --delivery-stream-name story
