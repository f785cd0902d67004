/* A compiled bootstrap: asks for events and gives answers over one socket, with nothing but the C library. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <signal.h>

static char in[8 << 20];
static char id[128];

static int dial(void) {
    char host[64];
    strncpy(host, getenv("AWS_LAMBDA_RUNTIME_API"), sizeof host - 1);
    char *colon = strchr(host, ':');
    *colon = 0;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(colon + 1))};
    inet_pton(AF_INET, host, &to.sin_addr);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(s, (struct sockaddr *)&to, sizeof to) != 0) exit(1);
    return s;
}

/* Sends a request; gives the body of its answer, or NULL when the connection ended before. */
static char *ask(const char *method, const char *path, const char *body, size_t length) {
    char head[512];
    int s = dial();
    int n = snprintf(head, sizeof head, "%s /2018-06-01/runtime/invocation/%s HTTP/1.1\r\nHost: runtime\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", method, path, length);
    if (write(s, head, n) != n) { close(s); return NULL; }
    for (size_t sent = 0; sent < length;) {
        ssize_t w = write(s, body + sent, length - sent);
        if (w <= 0) break;
        sent += w;
    }
    size_t got = 0;
    ssize_t r;
    while (got < sizeof in - 1 && (r = read(s, in + got, sizeof in - 1 - got)) > 0) got += r;
    close(s);
    in[got] = 0;
    char *end = strstr(in, "\r\n\r\n");
    if (!end) return NULL;
    char *line = strcasestr(in, "Lambda-Runtime-Aws-Request-Id: ");
    if (line && line < end) sscanf(strchr(line, ' ') + 1, "%127[^\r]", id);
    return end + 4;
}

/* The value of a member of {"do":"…","text":"…"} or {"do":"fill","size":N}; spaces nowhere. */
static const char *member(const char *event, const char *name) {
    char quoted[32];
    snprintf(quoted, sizeof quoted, "\"%s\":", name);
    const char *at = strstr(event, quoted);
    if (!at) return "";
    at += strlen(quoted);
    return *at == '"' ? at + 1 : at;
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        char *event = ask("GET", "next", "", 0);
        if (!event) return 1;
        char *action = strdup(member(event, "do"));
        *strchr(action, '"') = 0;
        const char *text = member(event, "text");
        size_t length = strcspn(text, "\"");
        size_t size = strtoul(member(event, "size"), NULL, 10);
        char *body = malloc(length + size + 512);
        const char *what = "response";
        if (!strcmp(action, "exit")) exit(0);
        if (!strcmp(action, "hang")) for (;;) pause();
        if (!strcmp(action, "complain")) fprintf(stderr, "%.*s\n", (int)length, text);
        if (!strcmp(action, "length")) {
            sprintf(body, "%zu", length);
        } else if (!strcmp(action, "fill")) {
            memset(body + 1, 'x', size);
            body[0] = body[size + 1] = '"';
            body[size + 2] = 0;
        } else if (!strcmp(action, "request")) {
            sprintf(body, "\"%s\"", id);
        } else if (!strcmp(action, "throw")) {
            what = "error";
            sprintf(body, "{\"errorType\":\"Odd\",\"errorMessage\":\"%.*s\"}", (int)length, text);
        } else {
            sprintf(body, "\"%.*s\"", (int)length, text);
        }
        char path[256];
        snprintf(path, sizeof path, "%s/%s", id, what);
        ask("POST", path, body, strlen(body));
        free(body);
        free(action);
    }
}
