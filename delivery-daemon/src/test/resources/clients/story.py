"""The story of story.txt with boto3. Endpoint, region and credentials come from the environment."""
import datetime
import json
import os
import sys
import time

import boto3
from botocore.exceptions import ClientError

ROLE = 'arn:aws:iam::123456789012:role/firehose'
KEY = 'arn:aws:kms:us-east-1:123456789012:key/'
DESTINATION = {
    'RoleARN': ROLE,
    'BucketARN': 'arn:aws:s3:::story',
    'Prefix': 'first/c=!{partitionKeyFromQuery:c}/',
    'ErrorOutputPrefix': 'errors/',
    'BufferingHints': {'SizeInMBs': 64, 'IntervalInSeconds': 900},
    'DynamicPartitioningConfiguration': {'Enabled': True},
    'ProcessingConfiguration': {'Enabled': True, 'Processors': [
        {'Type': 'MetadataExtraction', 'Parameters': [
            {'ParameterName': 'MetadataExtractionQuery', 'ParameterValue': '{c: .c}'},
            {'ParameterName': 'JsonParsingEngine', 'ParameterValue': 'JQ-1.6'}]}]},
    'DataFormatConversionConfiguration': {
        'Enabled': True,
        'SchemaConfiguration': {'DatabaseName': 'db', 'TableName': 'story', 'RoleARN': ROLE,
                                'Region': 'us-east-1'},
        'InputFormatConfiguration': {'Deserializer': {'OpenXJsonSerDe': {}}},
        'OutputFormatConfiguration': {'Serializer': {'ParquetSerDe': {'Compression': 'GZIP'}}}},
}

firehose = boto3.client('firehose')


def tell(operation, *words):
    print(operation + ':', *words, flush=True)


def refused(operation, expected, call, **request):
    """Tells only an exception of the expected type."""
    try:
        call(**request)
    except expected as e:
        error = e.response['Error']
        tell(operation, error['Code'] + ':', error['Message'])


def described():
    return firehose.describe_delivery_stream(DeliveryStreamName='story')[
        'DeliveryStreamDescription']


def until(condition):
    end = time.monotonic() + 60
    while not condition():
        if time.monotonic() > end:
            sys.exit('It has taken longer than a minute.')
        time.sleep(0.1)


def record(n):
    return {'Data': json.dumps({'n': n, 'c': 'ab'[n % 2]}).encode()}


# Create, and look at what has been made.
begun = datetime.datetime.now(datetime.timezone.utc)
tell('CreateDeliveryStream', firehose.create_delivery_stream(
    DeliveryStreamName='story', DeliveryStreamType='DirectPut',
    ExtendedS3DestinationConfiguration=DESTINATION,
    Tags=[{'Key': 'team', 'Value': 'a'}])['DeliveryStreamARN'])
until(lambda: described()['DeliveryStreamStatus'] == 'ACTIVE')
stream = described()
destination = stream['Destinations'][0]
s3 = destination['ExtendedS3DestinationDescription']
hints = s3['BufferingHints']
processor = s3['ProcessingConfiguration']['Processors'][0]
conversion = s3['DataFormatConversionConfiguration']
table = conversion['SchemaConfiguration']
tell('DescribeDeliveryStream', stream['DeliveryStreamName'], stream['DeliveryStreamStatus'],
     stream['DeliveryStreamType'], 'version', stream['VersionId'])
tell('DescribeDeliveryStream', destination['DestinationId'], s3['BucketARN'], s3['Prefix'],
     s3['ErrorOutputPrefix'], hints['SizeInMBs'], 'MB', hints['IntervalInSeconds'], 's',
     s3['CompressionFormat'])
tell('DescribeDeliveryStream', 'partitioning',
     str(s3['DynamicPartitioningConfiguration']['Enabled']).lower(), processor['Type'],
     processor['Parameters'][0]['ParameterValue'])
tell('DescribeDeliveryStream', table['DatabaseName'] + '.' + table['TableName'], 'ParquetSerDe',
     conversion['OutputFormatConfiguration']['Serializer']['ParquetSerDe']['Compression'])
if begun - datetime.timedelta(seconds=1) <= stream['CreateTimestamp'] <= datetime.datetime.now(
        datetime.timezone.utc):
    tell('DescribeDeliveryStream', 'created since this began')
refused('CreateDeliveryStream', firehose.exceptions.ResourceInUseException,
        firehose.create_delivery_stream, DeliveryStreamName='story',
        ExtendedS3DestinationConfiguration=DESTINATION)
refused('CreateDeliveryStream', firehose.exceptions.InvalidArgumentException,
        firehose.create_delivery_stream, DeliveryStreamName='other',
        ExtendedS3DestinationConfiguration={
            'RoleARN': ROLE, 'BucketARN': 'arn:aws:s3:::story',
            'Prefix': 'other/!{timestamp:yyyy}/'})

# List.
names = firehose.list_delivery_streams()
tell('ListDeliveryStreams', ' '.join(names['DeliveryStreamNames']), 'more',
     str(names['HasMoreDeliveryStreams']).lower())
names = firehose.list_delivery_streams(Limit=1)
tell('ListDeliveryStreams', ' '.join(names['DeliveryStreamNames']), 'more',
     str(names['HasMoreDeliveryStreams']).lower())
names = firehose.list_delivery_streams(ExclusiveStartDeliveryStreamName='bytes')
tell('ListDeliveryStreams', ' '.join(names['DeliveryStreamNames']), 'more',
     str(names['HasMoreDeliveryStreams']).lower())

# Put: a quota refuses a part of the batch, which is sent again.
records = [record(n) for n in range(500)]
answer = firehose.put_record_batch(DeliveryStreamName='story', Records=records)
failed = [i for i, entry in enumerate(answer['RequestResponses']) if 'ErrorCode' in entry]
tell('PutRecordBatch', answer['FailedPutCount'], 'of', len(answer['RequestResponses']), 'refused:',
     answer['RequestResponses'][failed[0]]['ErrorCode'],
     answer['RequestResponses'][failed[0]]['ErrorMessage'])
time.sleep(1)
answer = firehose.put_record_batch(DeliveryStreamName='story',
                                   Records=[records[i] for i in failed])
tell('PutRecordBatch', answer['FailedPutCount'], 'of', len(answer['RequestResponses']), 'refused,',
     len({entry['RecordId'] for entry in answer['RequestResponses']}), 'new ids')
tell('PutRecord', 'encrypted', str(firehose.put_record(
    DeliveryStreamName='story', Record=record(500))['Encrypted']).lower())
firehose.put_record(DeliveryStreamName='bytes', Record={'Data': bytes(range(256))})
firehose.put_record(DeliveryStreamName='bytes', Record={'Data': b''})
refused('PutRecord', firehose.exceptions.ResourceNotFoundException, firehose.put_record,
        DeliveryStreamName='nowhere', Record=record(0))

# Tags.


def tags(**request):
    answer = firehose.list_tags_for_delivery_stream(DeliveryStreamName='story', **request)
    tell('ListTagsForDeliveryStream',
         ' '.join(tag['Key'] + '=' + tag.get('Value', '') for tag in answer['Tags']), 'more',
         str(answer['HasMoreTags']).lower())


tags()
firehose.tag_delivery_stream(DeliveryStreamName='story', Tags=[{'Key': 'zone', 'Value': '1'}])
tell('TagDeliveryStream', 'done')
tags()
tags(Limit=1)
tags(ExclusiveStartTagKey='team')
firehose.untag_delivery_stream(DeliveryStreamName='story', TagKeys=['team'])
tell('UntagDeliveryStream', 'done')
tags()

# Update.
update = {'DeliveryStreamName': 'story', 'DestinationId': destination['DestinationId'],
          'ExtendedS3DestinationUpdate': {'Prefix': 'second/c=!{partitionKeyFromQuery:c}/'}}
firehose.update_destination(CurrentDeliveryStreamVersionId=stream['VersionId'], **update)
stream = described()
tell('UpdateDestination', 'version', stream['VersionId'],
     stream['Destinations'][0]['ExtendedS3DestinationDescription']['Prefix'])
refused('UpdateDestination', firehose.exceptions.ConcurrentModificationException,
        firehose.update_destination, CurrentDeliveryStreamVersionId='1', **update)

# Encryption.


def encryption():
    return described()['DeliveryStreamEncryptionConfiguration']


firehose.start_delivery_stream_encryption(
    DeliveryStreamName='story', DeliveryStreamEncryptionConfigurationInput={
        'KeyType': 'CUSTOMER_MANAGED_CMK', 'KeyARN': KEY + 'k1'})
until(lambda: encryption()['Status'] == 'ENABLED')
tell('StartDeliveryStreamEncryption', encryption()['Status'], encryption()['KeyType'],
     encryption()['KeyARN'])
tell('PutRecord', 'encrypted', str(firehose.put_record(
    DeliveryStreamName='story', Record=record(501))['Encrypted']).lower())
firehose.stop_delivery_stream_encryption(DeliveryStreamName='story')
until(lambda: encryption()['Status'] == 'DISABLED')
tell('StopDeliveryStreamEncryption', encryption()['Status'])
tell('PutRecord', 'encrypted', str(firehose.put_record(
    DeliveryStreamName='story', Record=record(502))['Encrypted']).lower())
refused('StartDeliveryStreamEncryption', firehose.exceptions.InvalidKMSResourceException,
        firehose.start_delivery_stream_encryption, DeliveryStreamName='story',
        DeliveryStreamEncryptionConfigurationInput={
            'KeyType': 'CUSTOMER_MANAGED_CMK', 'KeyARN': KEY + 'k2'})

# Callers who may not.
stranger = boto3.client('firehose', aws_access_key_id=os.environ['AWS_ACCESS_KEY_ID'],
                        aws_secret_access_key='wrong-secret')
refused('PutRecord', ClientError, stranger.put_record, DeliveryStreamName='story',
        Record=record(0))
reader = boto3.client('firehose', aws_access_key_id='reader', aws_secret_access_key='right-secret')
refused('PutRecord', ClientError, reader.put_record, DeliveryStreamName='story', Record=record(0))

# Whoever runs this has everything land, and answers with a line.
print('(landing)', flush=True)
sys.stdin.readline()

# Delete.
firehose.delete_delivery_stream(DeliveryStreamName='story')
until(lambda: 'story' not in firehose.list_delivery_streams()['DeliveryStreamNames'])
refused('DeleteDeliveryStream', firehose.exceptions.ResourceNotFoundException,
        firehose.delete_delivery_stream, DeliveryStreamName='story')
