// A function in Node.js.
exports.nodejs = async (event) => ({
    records: event.records.map(({ recordId, data }) => {
        const record = { ...JSON.parse(Buffer.from(data, "base64")), by: "nodejs" };
        return { recordId, result: "Ok", data: Buffer.from(JSON.stringify(record)).toString("base64") };
    }),
});
