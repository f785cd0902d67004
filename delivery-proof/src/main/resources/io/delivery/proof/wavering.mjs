// The function of a proof. It answers differently each time it is asked.
//
// A record says in its member "fate" what it is to become: "keep" and "misfit" are kept with a nonce at the end, "drop"
// is dropped, "fail" fails, and "waver" is kept or fails by chance. The nonce also decides about the partition key. Now
// and then the function throws or its process ends instead.

import { randomBytes } from "node:crypto";

function fateOf(data) {
  try {
    return JSON.parse(data.toString("utf8")).fate;
  } catch {
    return "fail";
  }
}

function transform({ recordId, data }) {
  const bytes = Buffer.from(data, "base64");
  const fate = fateOf(bytes);
  if (fate === "drop") {
    return { recordId, result: "Dropped" };
  }
  if (fate === "fail" || (fate === "waver" && Math.random() < 0.5)) {
    return { recordId, result: "ProcessingFailed", data };
  }
  const nonce = randomBytes(8).toString("hex");
  const kept = Buffer.concat([bytes.subarray(0, -1), Buffer.from(`,"nonce":"${nonce}"}`)]);
  return {
    recordId,
    result: "Ok",
    data: kept.toString("base64"),
    metadata: { partitionKeys: { shard: String(parseInt(nonce[0], 16) % 3) } },
  };
}

export const handler = async (event) => {
  const chance = Math.random();
  if (chance < 0.02) {
    process.exit(1);
  }
  if (chance < 0.08) {
    throw new Error("this happens now and then");
  }
  return { records: event.records.map(transform) };
};
