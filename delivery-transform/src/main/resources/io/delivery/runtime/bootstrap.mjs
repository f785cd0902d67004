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

function request(method, resource, body, headers) {
    return new Promise((resolve, reject) => {
        const sent = http.request({ agent, host, port, method, path: API + resource, headers }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
            answer.on('error', reject);
        });
        sent.on('error', reject);
        sent.end(body);
    });
}

async function post(resource, body, type) {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    if (type) {
        headers['Lambda-Runtime-Function-Error-Type'] = type;
    }
    try {
        await request('POST', resource, body, headers);
    } catch {
        // More than may be is not read to its end. Whoever asked knows, the next event follows.
    }
}

async function next() {
    let answer;
    try {
        answer = await request('GET', '/invocation/next');
    } catch {
        // A connection that was ended behind an answer says so with the next request only.
        answer = await request('GET', '/invocation/next');
    }
    if (answer.status !== 200) {
        throw new Error(`The Runtime API gave no event: ${answer.status} ${answer.body}`);
    }
    return answer;
}

function report(error) {
    const known = error instanceof Error;
    const type = known ? error.name : typeof error;
    const message = known ? error.message : String(error);
    const trace = known && error.stack ? error.stack.split('\n').slice(1).map((line) => line.trim()) : [];
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

// What was thrown where no handler catches it belongs to this invocation.
let resourceOfThisInvocation;
let whenNothingIsLeft = () => {};
process.on('beforeExit', () => whenNothingIsLeft());

async function die(error, status) {
    console.error(error);
    const { type, body } = report(error);
    await post(resourceOfThisInvocation ? `${resourceOfThisInvocation}/error` : '/init/error', body, type);
    process.exit(status);
}

process.on('uncaughtException', (error) => die(error, 129));
process.on('unhandledRejection', (reason) => {
    const failure = new Failure('Runtime.UnhandledPromiseRejection', String(reason?.stack ?? reason));
    die(failure, 128);
});

// Calls the handler; gives what it answers, however it does that.
function invoke(handler, event, context) {
    return new Promise((resolve, reject) => {
        const settle = (error, value) => {
            const settled = () => (error === null || error === undefined ? resolve(value) : reject(error));
            if (context.callbackWaitsForEmptyEventLoop) {
                whenNothingIsLeft = settled;
            } else {
                // Not before what the handler does after it has called back.
                setImmediate(settled);
            }
        };
        context.done = settle;
        context.succeed = (value) => settle(null, value);
        context.fail = (error) => settle(error ?? new Error('The function failed'));
        // A handler that neither calls back nor promises anything has answered when nothing is left to do.
        whenNothingIsLeft = () => resolve(null);
        const promised = handler(event, context, settle);
        if (typeof promised?.then === 'function') {
            promised.then(resolve, reject);
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
