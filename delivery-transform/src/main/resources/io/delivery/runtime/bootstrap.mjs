// Runs a Lambda function written in JavaScript: asks the Runtime API for events and gives it answers.
//
// The interface, the handler's name, the context object and the shape of errors are those that the AWS
// Lambda Developer Guide documents ("Using the Lambda runtime API", "Define Lambda function handler in
// Node.js", "Using the Lambda context object").

import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const API = '/2018-06-01/runtime';
// How the Runtime API says that this process gets no more events.
const GONE = 410;
const colon = process.env.AWS_LAMBDA_RUNTIME_API.lastIndexOf(':');
const host = process.env.AWS_LAMBDA_RUNTIME_API.slice(0, colon);
const port = process.env.AWS_LAMBDA_RUNTIME_API.slice(colon + 1);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

class Failure extends Error {
    constructor(type, message) {
        super(message);
        this.name = type;
    }
}

function request(method, resource, body, headers, through = agent) {
    return new Promise((resolve, reject) => {
        const sent = http.request({ agent: through, host, port, method, path: API + resource, headers }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
            answer.on('error', reject);
        });
        sent.on('error', reject);
        sent.end(body);
    });
}

async function post(resource, body, type, through = agent) {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    // The body has it as well: a header takes no other characters, and not as many.
    if (type && /^[\x21-\x7e]{1,1000}$/.test(type)) {
        headers['Lambda-Runtime-Function-Error-Type'] = type;
    }
    try {
        await request('POST', resource, body, headers, through);
    } catch {
        // More than may be is not read to its end. Whoever asked knows, the next event follows.
    }
}

// What a connection says when whoever was at its other end has gone.
const ENDED = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'];
let hasGivenEvents = false;

async function next() {
    let answer;
    try {
        answer = await request('GET', '/invocation/next');
    } catch {
        // A connection that was ended behind an answer says so with the next request only.
        answer = await request('GET', '/invocation/next').catch((error) => {
            if (!hasGivenEvents || !ENDED.includes(error.code)) {
                console.error(`The Runtime API cannot be asked for an event: ${error.message}`);
            }
            return { status: GONE };
        });
    }
    if (answer.status === GONE) {
        process.exit(1); // and says nothing: whoever has ended the Runtime API knows
    }
    if (answer.status !== 200) {
        throw new Error(`The Runtime API gave no event: ${answer.status} ${answer.body}`);
    }
    hasGivenEvents = true;
    return answer;
}

function report(error) {
    const known = error instanceof Error;
    const type = String(known ? error.name : typeof error);
    const message = String(known ? error.message : error);
    const trace = known && error.stack ? String(error.stack).split('\n').slice(1).map((line) => line.trim()) : [];
    return { type, body: JSON.stringify({ errorType: type, errorMessage: message, trace }) };
}

// Whether Node.js takes a .js file for an ES module: the nearest package.json says so.
function isModule(file) {
    if (!file.endsWith('.js')) {
        return file.endsWith('.mjs');
    }
    for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
        const description = path.join(folder, 'package.json');
        if (fs.existsSync(description)) {
            return JSON.parse(fs.readFileSync(description, 'utf8')).type === 'module';
        }
        if (folder === path.dirname(folder)) {
            return false;
        }
    }
}

// What a handler's name means: the path of a module, then names in it, with dots between them.
async function load(root, handler) {
    const match = /^(.*\/)?([^/.]+)\.(.+)$/.exec(handler);
    if (!match) {
        throw new Failure('Runtime.MalformedHandlerName', `Bad handler '${handler}': it is not module.function`);
    }
    const base = path.resolve(root, match[1] ?? '', match[2]);
    const file = ['', '.js', '.mjs', '.cjs'].map((end) => base + end).find((name) => fs.statSync(name, { throwIfNoEntry: false })?.isFile());
    if (!file) {
        throw new Failure('Runtime.ImportModuleError', `Cannot find module '${match[1] ?? ''}${match[2]}'`);
    }
    let module;
    try {
        module = isModule(file) ? await import(pathToFileURL(file).href) : createRequire(file)(file);
    } catch (error) {
        if (error instanceof SyntaxError) {
            throw Object.assign(error, { name: 'Runtime.UserCodeSyntaxError' });
        }
        if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
            throw Object.assign(error, { name: 'Runtime.ImportModuleError' });
        }
        throw error;
    }
    let owner = module;
    let found = module;
    for (const name of match[3].split('.')) {
        owner = found;
        found = found?.[name];
    }
    if (found === undefined) {
        throw new Failure('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
    }
    if (typeof found !== 'function') {
        throw new Failure('Runtime.HandlerNotFound', `${handler} is not a function`);
    }
    return found.bind(owner);
}

const NEVER_SETTLED = 'The handler returned a promise that was never settled, and nothing is left to do that could settle it';

// What was thrown where no handler catches it belongs to this invocation.
let resourceOfThisInvocation;
let whenNothingIsLeft = () => {};
process.on('beforeExit', () => whenNothingIsLeft());

async function die(error, status) {
    console.error(error);
    const { type, body } = report(error);
    // On a connection of its own: the other one may wait for an answer.
    await post(resourceOfThisInvocation ? `${resourceOfThisInvocation}/error` : '/init/error', body, type, false);
    process.exit(status);
}

process.on('uncaughtException', (error) => die(error, 129));
process.on('unhandledRejection', (reason) => {
    const failure = new Failure('Runtime.UnhandledPromiseRejection', String(reason?.stack ?? reason));
    die(failure, 128);
});

// Calls the handler; gives what it answers, however it does that. The first way counts, also when it waits
// for what is left to do; what a handler says later, even while the next event is here, changes nothing.
function invoke(handler, event, context) {
    return new Promise((resolve, reject) => {
        let finished = false;
        const finish = (error, value, waits) => {
            if (finished) {
                return;
            }
            finished = true;
            const settle = () => (error === null || error === undefined ? resolve(value) : reject(error));
            if (waits) {
                whenNothingIsLeft = settle;
            } else {
                // Not before what the handler does after it has called back.
                setImmediate(settle);
            }
        };
        const fail = (error) => {
            if (finished) {
                console.error(error); // nobody else tells it
            }
            finish(error ?? new Error('The function failed'));
        };
        context.done = (error, value) => finish(error, value, false);
        context.succeed = (value) => finish(null, value, false);
        context.fail = (error) => finish(error ?? new Error('The function failed'));
        const callback = (error, value) => {
            const failed = error !== null && error !== undefined;
            finish(error, value, !failed && context.callbackWaitsForEmptyEventLoop);
        };
        // A handler that neither calls back nor promises anything has answered when nothing is left to do.
        whenNothingIsLeft = () => finish(null, null, false);
        let promised;
        try {
            promised = handler(event, context, callback);
        } catch (error) {
            fail(error);
            return;
        }
        if (typeof promised?.then === 'function') {
            if (!finished) {
                whenNothingIsLeft = () => finish(new Failure('Runtime.NodeJsExit', NEVER_SETTLED), null, false);
            }
            promised.then((value) => finish(null, value, false), fail);
        }
    });
}

function encoded(value) {
    try {
        return JSON.stringify(value === undefined ? null : value) ?? 'null';
    } catch (error) {
        throw new Failure('Runtime.MarshalError', `Unable to stringify response body: ${error.message}`);
    }
}

async function answerOne(handler) {
    const { headers, body } = await next();
    const id = headers['lambda-runtime-aws-request-id'];
    const deadline = Number(headers['lambda-runtime-deadline-ms']);
    if (headers['lambda-runtime-trace-id']) {
        process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
    }
    const resource = `/invocation/${id}`;
    resourceOfThisInvocation = resource;
    const context = {
        callbackWaitsForEmptyEventLoop: true,
        awsRequestId: id,
        invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
        functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
        functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
        memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
        logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
        logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
        identity: undefined,
        clientContext: undefined,
        getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    };
    let answer;
    try {
        answer = encoded(await invoke(handler, JSON.parse(body.toString('utf8')), context));
    } catch (error) {
        console.error(error);
        const told = report(error);
        whenNothingIsLeft = () => {};
        await post(`${resource}/error`, told.body, told.type);
        return;
    }
    whenNothingIsLeft = () => {};
    await post(`${resource}/response`, answer);
}

try {
    const handler = await load(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
    for (;;) {
        await answerOne(handler);
    }
} catch (error) {
    resourceOfThisInvocation = undefined;
    await die(error, 1);
}
