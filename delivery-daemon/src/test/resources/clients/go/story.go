// The story of story.txt with the AWS SDK for Go 2. Endpoint, region and credentials come from the environment.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/smithy-go"
)

const (
	role = "arn:aws:iam::123456789012:role/firehose"
	key  = "arn:aws:kms:us-east-1:123456789012:key/"
)

var (
	ctx    = context.Background()
	client *firehose.Client
	story  = aws.String("story")
)

func destination() *types.ExtendedS3DestinationConfiguration {
	return &types.ExtendedS3DestinationConfiguration{
		RoleARN:           aws.String(role),
		BucketARN:         aws.String("arn:aws:s3:::story"),
		Prefix:            aws.String("first/c=!{partitionKeyFromQuery:c}/"),
		ErrorOutputPrefix: aws.String("errors/"),
		BufferingHints: &types.BufferingHints{
			SizeInMBs: aws.Int32(64), IntervalInSeconds: aws.Int32(900)},
		DynamicPartitioningConfiguration: &types.DynamicPartitioningConfiguration{Enabled: aws.Bool(true)},
		ProcessingConfiguration: &types.ProcessingConfiguration{
			Enabled: aws.Bool(true),
			Processors: []types.Processor{{
				Type: types.ProcessorTypeMetadataExtraction,
				Parameters: []types.ProcessorParameter{
					{ParameterName: types.ProcessorParameterNameMetadataExtractionQuery,
						ParameterValue: aws.String("{c: .c}")},
					{ParameterName: types.ProcessorParameterNameJsonParsingEngine,
						ParameterValue: aws.String("JQ-1.6")}}}}},
		DataFormatConversionConfiguration: &types.DataFormatConversionConfiguration{
			Enabled: aws.Bool(true),
			SchemaConfiguration: &types.SchemaConfiguration{
				DatabaseName: aws.String("db"), TableName: aws.String("story"),
				RoleARN: aws.String(role), Region: aws.String("us-east-1")},
			InputFormatConfiguration: &types.InputFormatConfiguration{
				Deserializer: &types.Deserializer{OpenXJsonSerDe: &types.OpenXJsonSerDe{}}},
			OutputFormatConfiguration: &types.OutputFormatConfiguration{
				Serializer: &types.Serializer{
					ParquetSerDe: &types.ParquetSerDe{Compression: types.ParquetCompressionGzip}}}}}
}

func tell(operation string, words ...any) {
	fmt.Println(append([]any{operation + ":"}, words...)...)
}

// must ends the story at an error that it does not expect.
func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

// refused tells only an exception of the type E.
func refused[E smithy.APIError](operation string, err error) {
	var expected E
	if errors.As(err, &expected) {
		tell(operation, expected.ErrorCode()+":", expected.ErrorMessage())
	} else {
		fmt.Fprintln(os.Stderr, operation, "gave", err)
	}
}

func described() *types.DeliveryStreamDescription {
	return must(client.DescribeDeliveryStream(ctx, &firehose.DescribeDeliveryStreamInput{
		DeliveryStreamName: story})).DeliveryStreamDescription
}

func until(condition func() bool) {
	end := time.Now().Add(time.Minute)
	for !condition() {
		if time.Now().After(end) {
			must(0, errors.New("it has taken longer than a minute"))
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func record(n int) types.Record {
	return types.Record{Data: []byte(fmt.Sprintf(`{"n": %d, "c": "%c"}`, n, "ab"[n%2]))}
}

func put(client *firehose.Client, stream string, record types.Record) (*firehose.PutRecordOutput, error) {
	return client.PutRecord(ctx, &firehose.PutRecordInput{
		DeliveryStreamName: aws.String(stream), Record: &record})
}

func list(page firehose.ListDeliveryStreamsInput) []string {
	names := must(client.ListDeliveryStreams(ctx, &page))
	tell("ListDeliveryStreams", strings.Join(names.DeliveryStreamNames, " "), "more", *names.HasMoreDeliveryStreams)
	return names.DeliveryStreamNames
}

func tags(page firehose.ListTagsForDeliveryStreamInput) {
	page.DeliveryStreamName = story
	answer := must(client.ListTagsForDeliveryStream(ctx, &page))
	var shown []string
	for _, tag := range answer.Tags {
		shown = append(shown, *tag.Key+"="+*tag.Value)
	}
	tell("ListTagsForDeliveryStream", strings.Join(shown, " "), "more", *answer.HasMoreTags)
}

func create() {
	begun := time.Now()
	tell("CreateDeliveryStream", *must(client.CreateDeliveryStream(ctx, &firehose.CreateDeliveryStreamInput{
		DeliveryStreamName: story, DeliveryStreamType: types.DeliveryStreamTypeDirectPut,
		ExtendedS3DestinationConfiguration: destination(),
		Tags:                               []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}}})).DeliveryStreamARN)
	until(func() bool { return described().DeliveryStreamStatus == types.DeliveryStreamStatusActive })
	stream := described()
	s3 := stream.Destinations[0].ExtendedS3DestinationDescription
	processor := s3.ProcessingConfiguration.Processors[0]
	conversion := s3.DataFormatConversionConfiguration
	tell("DescribeDeliveryStream", *stream.DeliveryStreamName, stream.DeliveryStreamStatus, stream.DeliveryStreamType,
		"version", *stream.VersionId)
	tell("DescribeDeliveryStream", *stream.Destinations[0].DestinationId, *s3.BucketARN, *s3.Prefix,
		*s3.ErrorOutputPrefix, *s3.BufferingHints.SizeInMBs, "MB", *s3.BufferingHints.IntervalInSeconds, "s",
		s3.CompressionFormat)
	tell("DescribeDeliveryStream", "partitioning", *s3.DynamicPartitioningConfiguration.Enabled, processor.Type,
		*processor.Parameters[0].ParameterValue)
	tell("DescribeDeliveryStream",
		*conversion.SchemaConfiguration.DatabaseName+"."+*conversion.SchemaConfiguration.TableName, "ParquetSerDe",
		conversion.OutputFormatConfiguration.Serializer.ParquetSerDe.Compression)
	if stream.CreateTimestamp.After(begun.Add(-time.Second)) && stream.CreateTimestamp.Before(time.Now()) {
		tell("DescribeDeliveryStream", "created since this began")
	}
	_, err := client.CreateDeliveryStream(ctx, &firehose.CreateDeliveryStreamInput{
		DeliveryStreamName: story, ExtendedS3DestinationConfiguration: destination()})
	refused[*types.ResourceInUseException]("CreateDeliveryStream", err)
	_, err = client.CreateDeliveryStream(ctx, &firehose.CreateDeliveryStreamInput{
		DeliveryStreamName: aws.String("other"),
		ExtendedS3DestinationConfiguration: &types.ExtendedS3DestinationConfiguration{
			RoleARN: aws.String(role), BucketARN: aws.String("arn:aws:s3:::story"),
			Prefix: aws.String("other/!{timestamp:yyyy}/")}})
	refused[*types.InvalidArgumentException]("CreateDeliveryStream", err)
}

// A quota refuses a part of the batch, which is sent again.
func putBatch() {
	var records, failed []types.Record
	for n := 0; n < 500; n++ {
		records = append(records, record(n))
	}
	answer := must(client.PutRecordBatch(ctx, &firehose.PutRecordBatchInput{DeliveryStreamName: story, Records: records}))
	var first *types.PutRecordBatchResponseEntry
	for i, entry := range answer.RequestResponses {
		if entry.ErrorCode != nil {
			if first == nil {
				first = &answer.RequestResponses[i]
			}
			failed = append(failed, records[i])
		}
	}
	tell("PutRecordBatch", *answer.FailedPutCount, "of", len(answer.RequestResponses), "refused:", *first.ErrorCode,
		*first.ErrorMessage)
	time.Sleep(time.Second)
	answer = must(client.PutRecordBatch(ctx, &firehose.PutRecordBatchInput{DeliveryStreamName: story, Records: failed}))
	ids := map[string]bool{}
	for _, entry := range answer.RequestResponses {
		ids[*entry.RecordId] = true
	}
	tell("PutRecordBatch", *answer.FailedPutCount, "of", len(answer.RequestResponses), "refused,", len(ids), "new ids")
}

func putRecords() {
	tell("PutRecord", "encrypted", *must(put(client, "story", record(500))).Encrypted)
	var all []byte
	for i := 0; i < 256; i++ {
		all = append(all, byte(i))
	}
	must(put(client, "bytes", types.Record{Data: all}))
	must(put(client, "bytes", types.Record{Data: []byte{}}))
	_, err := put(client, "nowhere", record(0))
	refused[*types.ResourceNotFoundException]("PutRecord", err)
}

func tagStream() {
	tags(firehose.ListTagsForDeliveryStreamInput{})
	must(client.TagDeliveryStream(ctx, &firehose.TagDeliveryStreamInput{
		DeliveryStreamName: story, Tags: []types.Tag{{Key: aws.String("zone"), Value: aws.String("1")}}}))
	tell("TagDeliveryStream", "done")
	tags(firehose.ListTagsForDeliveryStreamInput{})
	tags(firehose.ListTagsForDeliveryStreamInput{Limit: aws.Int32(1)})
	tags(firehose.ListTagsForDeliveryStreamInput{ExclusiveStartTagKey: aws.String("team")})
	must(client.UntagDeliveryStream(ctx, &firehose.UntagDeliveryStreamInput{
		DeliveryStreamName: story, TagKeys: []string{"team"}}))
	tell("UntagDeliveryStream", "done")
	tags(firehose.ListTagsForDeliveryStreamInput{})
}

func update() {
	stream := described()
	input := &firehose.UpdateDestinationInput{
		DeliveryStreamName: story, DestinationId: stream.Destinations[0].DestinationId,
		CurrentDeliveryStreamVersionId: stream.VersionId,
		ExtendedS3DestinationUpdate: &types.ExtendedS3DestinationUpdate{
			Prefix: aws.String("second/c=!{partitionKeyFromQuery:c}/")}}
	must(client.UpdateDestination(ctx, input))
	stream = described()
	tell("UpdateDestination", "version", *stream.VersionId,
		*stream.Destinations[0].ExtendedS3DestinationDescription.Prefix)
	_, err := client.UpdateDestination(ctx, input)
	refused[*types.ConcurrentModificationException]("UpdateDestination", err)
}

func encrypt() {
	encryption := func() *types.DeliveryStreamEncryptionConfiguration {
		return described().DeliveryStreamEncryptionConfiguration
	}
	start := func(name string) error {
		_, err := client.StartDeliveryStreamEncryption(ctx, &firehose.StartDeliveryStreamEncryptionInput{
			DeliveryStreamName: story,
			DeliveryStreamEncryptionConfigurationInput: &types.DeliveryStreamEncryptionConfigurationInput{
				KeyType: types.KeyTypeCustomerManagedCmk, KeyARN: aws.String(key + name)}})
		return err
	}
	must(0, start("k1"))
	until(func() bool { return encryption().Status == types.DeliveryStreamEncryptionStatusEnabled })
	tell("StartDeliveryStreamEncryption", encryption().Status, encryption().KeyType, *encryption().KeyARN)
	tell("PutRecord", "encrypted", *must(put(client, "story", record(501))).Encrypted)
	must(client.StopDeliveryStreamEncryption(ctx, &firehose.StopDeliveryStreamEncryptionInput{DeliveryStreamName: story}))
	until(func() bool { return encryption().Status == types.DeliveryStreamEncryptionStatusDisabled })
	tell("StopDeliveryStreamEncryption", encryption().Status)
	tell("PutRecord", "encrypted", *must(put(client, "story", record(502))).Encrypted)
	refused[*types.InvalidKMSResourceException]("StartDeliveryStreamEncryption", start("k2"))
}

// Callers who may not.
func putAs(configuration aws.Config, accessKeyID, secret string) {
	stranger := firehose.NewFromConfig(configuration, func(options *firehose.Options) {
		options.Credentials = credentials.NewStaticCredentialsProvider(accessKeyID, secret, "")
	})
	_, err := put(stranger, "story", record(0))
	refused[smithy.APIError]("PutRecord", err)
}

func main() {
	configuration := must(config.LoadDefaultConfig(ctx))
	client = firehose.NewFromConfig(configuration)
	create()
	list(firehose.ListDeliveryStreamsInput{})
	list(firehose.ListDeliveryStreamsInput{Limit: aws.Int32(1)})
	list(firehose.ListDeliveryStreamsInput{ExclusiveStartDeliveryStreamName: aws.String("bytes")})
	putBatch()
	putRecords()
	tagStream()
	update()
	encrypt()
	putAs(configuration, os.Getenv("AWS_ACCESS_KEY_ID"), "wrong-secret")
	putAs(configuration, "reader", "right-secret")

	// Whoever runs this has everything land, and answers with a line.
	fmt.Println("(landing)")
	must(bufio.NewReader(os.Stdin).ReadString('\n'))

	must(client.DeleteDeliveryStream(ctx, &firehose.DeleteDeliveryStreamInput{DeliveryStreamName: story}))
	until(func() bool {
		return len(must(client.ListDeliveryStreams(ctx, &firehose.ListDeliveryStreamsInput{})).DeliveryStreamNames) == 1
	})
	_, err := client.DeleteDeliveryStream(ctx, &firehose.DeleteDeliveryStreamInput{DeliveryStreamName: story})
	refused[*types.ResourceNotFoundException]("DeleteDeliveryStream", err)
}
