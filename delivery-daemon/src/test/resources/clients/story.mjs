// The story of story.txt with the AWS SDK for JavaScript 3. Endpoint, region and credentials come from the environment.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import * as sdk from '@aws-sdk/client-firehose'

const ROLE = 'arn:aws:iam::123456789012:role/firehose'
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/'
const DESTINATION = {
  RoleARN: ROLE,
  BucketARN: 'arn:aws:s3:::story',
  Prefix: 'first/c=!{partitionKeyFromQuery:c}/',
  ErrorOutputPrefix: 'errors/',
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 900 },
  DynamicPartitioningConfiguration: { Enabled: true },
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [{
      Type: 'MetadataExtraction',
      Parameters: [
        { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{c: .c}' },
        { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' }]
    }]
  },
  DataFormatConversionConfiguration: {
    Enabled: true,
    SchemaConfiguration: { DatabaseName: 'db', TableName: 'story', RoleARN: ROLE, Region: 'us-east-1' },
    InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
    OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'GZIP' } } }
  }
}

const firehose = new sdk.FirehoseClient({})

const tell = (operation, ...words) => console.log(operation + ':', ...words)

const call = (operation, input, client = firehose) => client.send(new sdk[operation + 'Command'](input))

// Tells only an exception of the expected type.
async function refused(operation, type, input, client = firehose) {
  try {
    await call(operation, input, client)
  } catch (e) {
    if (!(e instanceof type)) throw e
    tell(operation, e.name + ':', e.message)
  }
}

const described = async () =>
  (await call('DescribeDeliveryStream', { DeliveryStreamName: 'story' })).DeliveryStreamDescription

async function until(condition) {
  const end = Date.now() + 60_000
  while (!await condition()) {
    if (Date.now() > end) throw new Error('It has taken longer than a minute.')
    await sleep(100)
  }
}

const record = n => ({ Data: Buffer.from(JSON.stringify({ n, c: 'ab'[n % 2] })) })

// Create, and look at what has been made.
const begun = Date.now()
tell('CreateDeliveryStream', (await call('CreateDeliveryStream', {
  DeliveryStreamName: 'story', DeliveryStreamType: 'DirectPut',
  ExtendedS3DestinationConfiguration: DESTINATION,
  Tags: [{ Key: 'team', Value: 'a' }]
})).DeliveryStreamARN)
await until(async () => (await described()).DeliveryStreamStatus === 'ACTIVE')
let stream = await described()
const destination = stream.Destinations[0]
const s3 = destination.ExtendedS3DestinationDescription
const processor = s3.ProcessingConfiguration.Processors[0]
const conversion = s3.DataFormatConversionConfiguration
const table = conversion.SchemaConfiguration
tell('DescribeDeliveryStream', stream.DeliveryStreamName, stream.DeliveryStreamStatus, stream.DeliveryStreamType,
  'version', stream.VersionId)
tell('DescribeDeliveryStream', destination.DestinationId, s3.BucketARN, s3.Prefix, s3.ErrorOutputPrefix,
  s3.BufferingHints.SizeInMBs, 'MB', s3.BufferingHints.IntervalInSeconds, 's', s3.CompressionFormat)
tell('DescribeDeliveryStream', 'partitioning', s3.DynamicPartitioningConfiguration.Enabled, processor.Type,
  processor.Parameters[0].ParameterValue)
tell('DescribeDeliveryStream', table.DatabaseName + '.' + table.TableName, 'ParquetSerDe',
  conversion.OutputFormatConfiguration.Serializer.ParquetSerDe.Compression)
if (begun - 1000 <= stream.CreateTimestamp.getTime() && stream.CreateTimestamp.getTime() <= Date.now()) {
  tell('DescribeDeliveryStream', 'created since this began')
}
await refused('CreateDeliveryStream', sdk.ResourceInUseException, {
  DeliveryStreamName: 'story', ExtendedS3DestinationConfiguration: DESTINATION
})
await refused('CreateDeliveryStream', sdk.InvalidArgumentException, {
  DeliveryStreamName: 'other',
  ExtendedS3DestinationConfiguration: {
    RoleARN: ROLE, BucketARN: 'arn:aws:s3:::story', Prefix: 'other/!{timestamp:yyyy}/'
  }
})

// List.
for (const page of [{}, { Limit: 1 }, { ExclusiveStartDeliveryStreamName: 'bytes' }]) {
  const names = await call('ListDeliveryStreams', page)
  tell('ListDeliveryStreams', ...names.DeliveryStreamNames, 'more', names.HasMoreDeliveryStreams)
}

// Put: a quota refuses a part of the batch, which is sent again.
const records = Array.from({ length: 500 }, (_, n) => record(n))
let answer = await call('PutRecordBatch', { DeliveryStreamName: 'story', Records: records })
const failed = records.filter((_, i) => answer.RequestResponses[i].ErrorCode)
const first = answer.RequestResponses.find(entry => entry.ErrorCode)
tell('PutRecordBatch', answer.FailedPutCount, 'of', answer.RequestResponses.length, 'refused:', first.ErrorCode,
  first.ErrorMessage)
await sleep(1000)
answer = await call('PutRecordBatch', { DeliveryStreamName: 'story', Records: failed })
tell('PutRecordBatch', answer.FailedPutCount, 'of', answer.RequestResponses.length, 'refused,',
  new Set(answer.RequestResponses.map(entry => entry.RecordId)).size, 'new ids')
tell('PutRecord', 'encrypted',
  (await call('PutRecord', { DeliveryStreamName: 'story', Record: record(500) })).Encrypted)
await call('PutRecord', {
  DeliveryStreamName: 'bytes', Record: { Data: Uint8Array.from({ length: 256 }, (_, i) => i) }
})
await call('PutRecord', { DeliveryStreamName: 'bytes', Record: { Data: new Uint8Array() } })
await refused('PutRecord', sdk.ResourceNotFoundException, { DeliveryStreamName: 'nowhere', Record: record(0) })

// Tags.
async function tags(page = {}) {
  const answer = await call('ListTagsForDeliveryStream', { DeliveryStreamName: 'story', ...page })
  tell('ListTagsForDeliveryStream', ...answer.Tags.map(tag => `${tag.Key}=${tag.Value}`), 'more', answer.HasMoreTags)
}
await tags()
await call('TagDeliveryStream', { DeliveryStreamName: 'story', Tags: [{ Key: 'zone', Value: '1' }] })
tell('TagDeliveryStream', 'done')
await tags()
await tags({ Limit: 1 })
await tags({ ExclusiveStartTagKey: 'team' })
await call('UntagDeliveryStream', { DeliveryStreamName: 'story', TagKeys: ['team'] })
tell('UntagDeliveryStream', 'done')
await tags()

// Update.
const update = {
  DeliveryStreamName: 'story', DestinationId: destination.DestinationId,
  CurrentDeliveryStreamVersionId: stream.VersionId,
  ExtendedS3DestinationUpdate: { Prefix: 'second/c=!{partitionKeyFromQuery:c}/' }
}
await call('UpdateDestination', update)
stream = await described()
tell('UpdateDestination', 'version', stream.VersionId,
  stream.Destinations[0].ExtendedS3DestinationDescription.Prefix)
await refused('UpdateDestination', sdk.ConcurrentModificationException, update)

// Encryption.
const encryption = async () => (await described()).DeliveryStreamEncryptionConfiguration
const key = name => ({
  DeliveryStreamName: 'story',
  DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: KEY + name }
})
await call('StartDeliveryStreamEncryption', key('k1'))
await until(async () => (await encryption()).Status === 'ENABLED')
const enabled = await encryption()
tell('StartDeliveryStreamEncryption', enabled.Status, enabled.KeyType, enabled.KeyARN)
tell('PutRecord', 'encrypted',
  (await call('PutRecord', { DeliveryStreamName: 'story', Record: record(501) })).Encrypted)
await call('StopDeliveryStreamEncryption', { DeliveryStreamName: 'story' })
await until(async () => (await encryption()).Status === 'DISABLED')
tell('StopDeliveryStreamEncryption', (await encryption()).Status)
tell('PutRecord', 'encrypted',
  (await call('PutRecord', { DeliveryStreamName: 'story', Record: record(502) })).Encrypted)
await refused('StartDeliveryStreamEncryption', sdk.InvalidKMSResourceException, key('k2'))

// Callers who may not.
for (const credentials of [
  { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: 'wrong-secret' },
  { accessKeyId: 'reader', secretAccessKey: 'right-secret' }]) {
  await refused('PutRecord', sdk.FirehoseServiceException, { DeliveryStreamName: 'story', Record: record(0) },
    new sdk.FirehoseClient({ credentials }))
}

// Whoever runs this has everything land, and answers with a line.
console.log('(landing)')
await once(process.stdin, 'data')
process.stdin.destroy()

// Delete.
await call('DeleteDeliveryStream', { DeliveryStreamName: 'story' })
await until(async () => !(await call('ListDeliveryStreams', {})).DeliveryStreamNames.includes('story'))
await refused('DeleteDeliveryStream', sdk.ResourceNotFoundException, { DeliveryStreamName: 'story' })
