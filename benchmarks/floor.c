/* The least that a listener can cost: epoll, recv, the frame's header, and whether its number follows the one before.

   floor PORT SOCKETS ROUNDS: opens SOCKETS sockets to 127.0.0.1:PORT, and one more over which it says "." when all of them have heard a
   frame; prints what the clients in Python print (benchmarks/hearing/gauge.py). With a fourth word it tells latencies as well, as exactly
   as this machine allows. Compiled by benchmarks/listeners.py. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 256
#define CHUNK 65536

struct line {
    int fd;
    long number;
};

struct message {
    long number, due;
    size_t whole;
};

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int reach(int port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) < 0) fail("connect");
    return fd;
}

static void open_line(int fd) {
    static const char ask[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    char answer[4096];
    size_t have = 0;
    if (write(fd, ask, sizeof ask - 1) != sizeof ask - 1) fail("write");
    while (have < sizeof answer && !memmem(answer, have, "\r\n\r\n", 4)) {
        ssize_t got = read(fd, answer + have, sizeof answer - have);
        if (got <= 0) fail("handshake");
        have += got;
    }
}

static double cpu_s(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static long resident_kb(void) {
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%ld %ld", &pages, &resident) != 2) fail("statm");
    fclose(file);
    return resident * sysconf(_SC_PAGESIZE) / 1024;
}

/* What stands in the first frame of `size` bytes, and how many of them it is; 0 when they begin with no whole plain frame. */
static struct message message_in(const unsigned char *frame, size_t size) {
    struct message found = {.number = -1};
    if (size < 4 || frame[0] != 0x81 || frame[1] > 126) return found;
    size_t head = frame[1] < 126 ? 2 : 4, length = frame[1] < 126 ? frame[1] : frame[2] << 8 | frame[3];
    if (head + length > size) return found;
    found.whole = head + length;
    /* "ew1 RUN SENDER NUMBER DUE ..." */
    const char *at = memmem(frame + head, length, "ew1 ", 4), *end = (const char *)frame + found.whole;
    for (int words = 0; at && words < 3; words++) {
        at = memchr(at, ' ', end - at);
        if (at) at++;
    }
    if (!at) return found;
    char *rest;
    found.number = strtol(at, &rest, 10);
    found.due = *rest == ' ' ? atol(rest) : 0;
    return found;
}

static long now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

static int by_size(const void *one, const void *other) {
    long a = *(const long *)one, b = *(const long *)other;
    return (a > b) - (a < b);
}

int main(int count, char **words) {
    if (count < 4) return 2;
    int port = atoi(words[1]), sockets = atoi(words[2]);
    long rounds = atol(words[3]), frames = 0, wrong = 0;
    long before = resident_kb();
    struct line *lines = calloc(sockets, sizeof *lines);
    long *late = count > 4 ? calloc(rounds * sockets, sizeof *late) : NULL;
    int control = reach(port), poll = epoll_create1(0);
    for (int i = 0; i < sockets; i++) {
        lines[i].fd = reach(port);
        open_line(lines[i].fd);
        struct epoll_event what = {.events = EPOLLIN, .data.ptr = &lines[i]};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, lines[i].fd, &what) < 0) fail("epoll_ctl");
    }
    printf("{\"ready\": true, \"resident_kb\": %ld}\n", resident_kb() - before);
    fflush(stdout);
    double began = cpu_s();
    static unsigned char frame[CHUNK];
    struct epoll_event ready[BATCH];
    while (frames < rounds * sockets) {
        int some = epoll_wait(poll, ready, BATCH, -1);
        for (int i = 0; i < some; i++) {
            struct line *line = ready[i].data.ptr;
            ssize_t size = recv(line->fd, frame, CHUNK, 0);
            if (size <= 0) fail("recv");
            for (ssize_t at = 0; at < size;) {
                struct message message = message_in(frame + at, size - at);
                if (!message.whole) return 3; /* a frame that was cut: too little for a client, enough for this server */
                at += message.whole;
                wrong += message.number != ++line->number;
                if (late) late[frames] = now_ns() - message.due;
                if (++frames % sockets == 0 && write(control, ".", 1) != 1) fail("write");
            }
        }
    }
    double used = cpu_s() - began;
    printf("{\"frames\": %ld, \"wrong\": %ld, \"cpu_s\": %.6f", frames, wrong, used);
    if (late && frames) {
        qsort(late, frames, sizeof *late, by_size);
        printf(", \"p50_ms\": %.3f, \"p99_ms\": %.3f", late[frames / 2] / 1e6, late[frames * 99 / 100] / 1e6);
    }
    printf("}\n");
    return 0;
}
