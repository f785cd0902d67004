// Makes a JSON object of a line in Apache's combined log format. Other lines fail.

const LINE = new RegExp(
  String.raw`^(?<host>\S+) (?<ident>\S+) (?<authuser>\S+) \[(?<timestamp>[^\]]+)\] ` +
    String.raw`"(?<request>(?:[^"\\]|\\.)*)" (?<response>\d{3}) (?<bytes>\d+|-)` +
    String.raw`(?: "(?<referer>(?:[^"\\]|\\.)*)" "(?<agent>(?:[^"\\]|\\.)*)")?\s*$`
);

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function fieldsOf(data) {
  try {
    return LINE.exec(UTF8.decode(Buffer.from(data, "base64")));
  } catch {
    return null; // no UTF-8
  }
}

function transform({ recordId, data }) {
  const match = fieldsOf(data);
  if (match === null) {
    return { recordId, result: "ProcessingFailed", data };
  }
  const fields = { ...match.groups };
  fields.response = Number(fields.response);
  fields.bytes = fields.bytes === "-" ? 0 : Number(fields.bytes);
  const text = JSON.stringify(fields); // leaves out the groups that did not take part
  return { recordId, result: "Ok", data: Buffer.from(text, "utf8").toString("base64") };
}

export const handler = async (event) => ({ records: event.records.map(transform) });
