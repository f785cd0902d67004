// Prints one object of JSON for a Parquet file: its rows and what its footer says, as hyparquet reads them.
// node hyparquet.mjs FOLDER-WITH-node_modules FILE
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [folder, path] = process.argv.slice(2)
const modules = createRequire(pathToFileURL(folder + '/'))
const load = name => import(pathToFileURL(`${folder}/node_modules/${name}`))
const { asyncBufferFromFile } = await load('hyparquet/src/node.js')
const { parquetReadObjects, parquetMetadataAsync } = await load('hyparquet/src/index.js')
const { compressors } = await load(`hyparquet-compressors/${modules('hyparquet-compressors/package.json').main}`)

const file = await asyncBufferFromFile(path)
const metadata = await parquetMetadataAsync(file)
const rows = await parquetReadObjects({ file, metadata, compressors, utf8: false })

// JSON has no numbers like these, and no bytes.
function shown(key, value) {
  const raw = this[key]
  if (raw === undefined) return null
  if (raw instanceof Date) return raw.toISOString()
  if (raw instanceof Uint8Array) return Buffer.from(raw).toString('hex')
  if (typeof value === 'bigint') return value.toString()
  if (Object.is(value, -0)) return '-0'
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return value
}

const groups = metadata.row_groups.map(group => ({
  rows: group.num_rows,
  columns: group.columns.map(column => ({
    name: column.meta_data.path_in_schema.join('.'),
    codec: column.meta_data.codec,
    statistics: column.meta_data.statistics !== undefined,
    columnIndex: column.column_index_offset !== undefined,
    offsetIndex: column.offset_index_offset !== undefined,
  })),
}))
const keyValues = Object.fromEntries(metadata.key_value_metadata.map(entry => [entry.key, entry.value]))
process.stdout.write(JSON.stringify({ rows, groups, keyValues, createdBy: metadata.created_by }, shown))
