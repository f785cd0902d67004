// Writes the elements of a JSON array one per line.
//
// A function gives back one record for each that it got, so the lines stay together in that record. An empty array is
// dropped, and what is no array stays as it is.

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function transform({ recordId, data }) {
  let value;
  try {
    value = JSON.parse(UTF8.decode(Buffer.from(data, "base64")));
  } catch {
    return { recordId, result: "ProcessingFailed", data };
  }
  if (!Array.isArray(value)) {
    return { recordId, result: "Ok", data };
  }
  if (value.length === 0) {
    return { recordId, result: "Dropped" };
  }
  const lines = value.map((element) => JSON.stringify(element) + "\n").join("");
  return { recordId, result: "Ok", data: Buffer.from(lines, "utf8").toString("base64") };
}

export const handler = async (event) => ({ records: event.records.map(transform) });
