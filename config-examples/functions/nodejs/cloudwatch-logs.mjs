// Takes the log messages out of what CloudWatch Logs sends to a subscription.
//
// Each record is one gzip-compressed JSON envelope. The messages of its log events become the record, one per line.
// Envelopes that say nothing but that the subscription works are dropped.

import { gunzipSync } from "node:zlib";

function transform({ recordId, data }) {
  try {
    const envelope = JSON.parse(gunzipSync(Buffer.from(data, "base64")).toString("utf8"));
    if (envelope.messageType === "CONTROL_MESSAGE") {
      return { recordId, result: "Dropped" };
    }
    if (envelope.messageType === "DATA_MESSAGE") {
      const lines = envelope.logEvents.map((event) => event.message + "\n").join("");
      return { recordId, result: "Ok", data: Buffer.from(lines, "utf8").toString("base64") };
    }
  } catch (error) {
    console.error(`record ${recordId}: ${error.message}`);
  }
  return { recordId, result: "ProcessingFailed", data };
}

export const handler = async (event) => ({ records: event.records.map(transform) });
