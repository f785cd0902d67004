// Obeys its event: what each does is told in InvokerContract.
exports.handler = async (event, context) => {
    switch (event.do) {
        case 'echo': return event.text;
        case 'length': return event.text.length;
        case 'fill': return 'x'.repeat(event.size);
        case 'request': return context.awsRequestId;
        case 'throw': throw new Error(event.text);
        case 'exit': process.exit(0);
        case 'hang': for (;;);
        case 'complain': console.error(event.text); return event.text;
        default: throw new Error(event.do);
    }
};
