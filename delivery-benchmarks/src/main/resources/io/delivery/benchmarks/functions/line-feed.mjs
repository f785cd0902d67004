// Ends each record with a line feed.

const LINE_FEED = Buffer.from("\n");

export const handler = async (event) => ({
  records: event.records.map(({ recordId, data }) => ({
    recordId,
    result: "Ok",
    data: Buffer.concat([Buffer.from(data, "base64"), LINE_FEED]).toString("base64"),
  })),
});
