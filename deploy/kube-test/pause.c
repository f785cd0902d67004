/* What holds the namespaces of a pod: waits, and reaps processes that nobody else waits for. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void stop(int signal) {
    (void) signal;
    _exit(0);
}

static void reap(int signal) {
    (void) signal;
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
}

int main(void) {
    struct sigaction child = {.sa_handler = reap, .sa_flags = SA_NOCLDSTOP};
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    sigaction(SIGCHLD, &child, NULL);
    for (;;) {
        pause();
    }
}
