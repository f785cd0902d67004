/*
 * A transformation function without a runtime: it asks the Lambda Runtime API for events by itself. It ends each record
 * with a line feed, unless it has one already, and drops records without bytes.
 *
 *     cc -O2 -o bootstrap bootstrap.c
 *
 * Put the executable, or a .zip with it, into code: with runtime: provided. On AWS Lambda it is a function of a custom
 * runtime.
 *
 * It reads of the event what it needs: the members recordId and data of each record, which never hold an escape.
 */

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Bytes that grow. There is always a zero behind them. */
struct text {
    char *bytes;
    size_t length, room;
};

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void add(struct text *text, const char *bytes, size_t length) {
    if (text->length + length + 1 > text->room) {
        text->room = 2 * (text->length + length + 1);
        text->bytes = realloc(text->bytes, text->room);
        if (text->bytes == NULL) {
            fail("realloc");
        }
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = 0;
}

static void say(struct text *text, const char *words) {
    add(text, words, strlen(words));
}

/* --- HTTP --- */

static int connected(void) {
    char host[256];
    const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
    if (api == NULL || strlen(api) >= sizeof host) {
        fprintf(stderr, "AWS_LAMBDA_RUNTIME_API is missing: this program runs as a Lambda function\n");
        exit(1);
    }
    strcpy(host, api);
    char *port = strrchr(host, ':');
    if (port != NULL) {
        *port++ = 0;
    }
    struct addrinfo wish = {.ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(host, port == NULL ? "80" : port, &wish, &found) != 0) {
        fprintf(stderr, "%s cannot be found\n", api);
        exit(1);
    }
    int connection = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (connection < 0 || connect(connection, found->ai_addr, found->ai_addrlen) != 0) {
        fail(api);
    }
    freeaddrinfo(found);
    return connection;
}

/* Sends a request and gives the whole answer: the server closes the connection behind it. */
static struct text exchange(const struct text *request) {
    int connection = connected();
    for (size_t sent = 0; sent < request->length;) {
        ssize_t now = write(connection, request->bytes + sent, request->length - sent);
        if (now <= 0) {
            fail("write");
        }
        sent += (size_t)now;
    }
    struct text answer = {0};
    char block[65536];
    ssize_t got;
    while ((got = read(connection, block, sizeof block)) > 0) {
        add(&answer, block, (size_t)got);
    }
    if (got < 0 || answer.length == 0) {
        fail("read");
    }
    close(connection);
    return answer;
}

/* The value of a header, without the blanks before it; NULL when the answer has none. */
static char *header(const struct text *answer, const char *name) {
    size_t length = strlen(name);
    for (char *line = strstr(answer->bytes, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
        line += 2;
        if (line[0] == '\r') {
            return NULL;
        }
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            char *value = line + length + 1;
            value += strspn(value, " \t");
            return strndup(value, strcspn(value, "\r"));
        }
    }
    return NULL;
}

/* The body, put together where it came in chunks. */
static char *body(struct text *answer) {
    char *begin = strstr(answer->bytes, "\r\n\r\n");
    if (begin == NULL) {
        fprintf(stderr, "an answer without an end of its headers\n");
        exit(1);
    }
    begin += 4;
    char *coding = header(answer, "Transfer-Encoding");
    if (coding == NULL) {
        return begin;
    }
    free(coding);
    char *end = begin, *from = begin;
    for (size_t size; (size = strtoul(from, &from, 16)) > 0; from += size + 2) {
        from = strstr(from, "\r\n") + 2;
        memmove(end, from, size);
        end += size;
    }
    *end = 0;
    return begin;
}

/* --- records --- */

/* The text of the next member with this name, and how long it is; NULL when there is none before the end. */
static const char *member(const char *json, const char *name, const char *end, size_t *length) {
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\"", name);
    const char *at = strstr(json, quoted);
    if (at == NULL || (end != NULL && at > end)) {
        return NULL;
    }
    at += strlen(quoted);
    at += strspn(at, " \t\r\n:");
    if (*at++ != '"') {
        return NULL;
    }
    *length = strcspn(at, "\"");
    return at;
}

static unsigned digit(char letter) {
    const char *at = memchr(BASE64, letter, 64);
    return at == NULL ? 0 : (unsigned)(at - BASE64);
}

/* Adds base64 of the same bytes with a line feed behind them. */
static void with_line_feed(struct text *answer, const char *data, size_t length) {
    size_t pads = data[length - 1] != '=' ? 0 : data[length - 2] != '=' ? 1 : 2;
    unsigned char last[4];
    size_t left = pads == 0 ? 0 : 3 - pads; /* bytes in the group that is not full */
    const char *group = data + length - 4;
    unsigned bits = digit(group[0]) << 18 | digit(group[1]) << 12 | digit(group[2]) << 6 | digit(group[3]);
    for (size_t i = 0; i < 3; i++) {
        last[i] = (unsigned char)(bits >> (16 - 8 * i));
    }
    if (last[pads == 0 ? 2 : left - 1] == '\n') {
        add(answer, data, length);
        return;
    }
    add(answer, data, pads == 0 ? length : length - 4);
    last[left] = '\n';
    size_t count = left + 1;
    bits = (unsigned)last[0] << 16 | (count > 1 ? (unsigned)last[1] << 8 : 0) | (count > 2 ? last[2] : 0);
    char ending[4];
    for (size_t i = 0; i < 4; i++) {
        ending[i] = i <= count ? BASE64[bits >> (18 - 6 * i) & 63] : '=';
    }
    add(answer, ending, 4);
}

static struct text transformed(const char *event) {
    struct text answer = {0};
    size_t id_length, data_length;
    say(&answer, "{\"records\":[");
    const char *id = strstr(event, "\"records\"");
    for (int count = 0; id != NULL && (id = member(id, "recordId", NULL, &id_length)) != NULL; count++) {
        const char *next = strstr(id, "\"recordId\"");
        const char *data = member(id, "data", next, &data_length);
        say(&answer, count > 0 ? ",{\"recordId\":\"" : "{\"recordId\":\"");
        add(&answer, id, id_length);
        if (data == NULL) {
            say(&answer, "\",\"result\":\"ProcessingFailed\"}");
        } else if (data_length < 4) {
            say(&answer, "\",\"result\":\"Dropped\"}");
        } else {
            say(&answer, "\",\"result\":\"Ok\",\"data\":\"");
            with_line_feed(&answer, data, data_length);
            say(&answer, "\"}");
        }
    }
    say(&answer, "]}");
    return answer;
}

int main(void) {
    for (;;) {
        struct text next = {0};
        say(&next, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: lambda\r\nConnection: close\r\n\r\n");
        struct text event = exchange(&next);
        char *request_id = header(&event, "Lambda-Runtime-Aws-Request-Id");
        if (request_id == NULL) {
            fprintf(stderr, "an event without a request id\n");
            return 1;
        }
        struct text answer = transformed(body(&event));
        struct text response = {0};
        char head[512];
        snprintf(
            head, sizeof head,
            "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: lambda\r\nConnection: close\r\n"
            "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
            request_id, answer.length);
        say(&response, head);
        add(&response, answer.bytes, answer.length);
        struct text said = exchange(&response);
        free(next.bytes);
        free(event.bytes);
        free(request_id);
        free(answer.bytes);
        free(response.bytes);
        free(said.bytes);
    }
}
