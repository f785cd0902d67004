// Adds the stage of deployment to JSON objects with a customer, and says by which customer and day they are partitioned.

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function transform({ recordId, data, approximateArrivalTimestamp }) {
  let value;
  try {
    value = JSON.parse(UTF8.decode(Buffer.from(data, "base64")));
  } catch {
    value = null;
  }
  if (typeof value?.customer !== "string") {
    return { recordId, result: "ProcessingFailed", data };
  }
  value.stage = process.env.STAGE ?? "unknown";
  const day = new Date(approximateArrivalTimestamp).toISOString().slice(0, 10);
  return {
    recordId,
    result: "Ok",
    data: Buffer.from(JSON.stringify(value), "utf8").toString("base64"),
    metadata: { partitionKeys: { customer: value.customer, day } },
  };
}

export const handler = async (event) => ({ records: event.records.map(transform) });
