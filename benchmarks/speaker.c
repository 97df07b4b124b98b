/* Sends frames at given times over sockets that it inherits, and notes when it handed each to the kernel.

   speaker PLAN: PLAN holds, in 8-byte integers of this machine, when to begin (ns of CLOCK_MONOTONIC), how many frames and how many sends
   there are, then each frame as its length and its bytes, then each send as its time after the beginning (ns), its frame and its descriptor.
   Writes the time before each send to stdout, as 8-byte integers. Compiled by benchmarks/accuracy.py. */

#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

/* A sleep is not punctual; what is left of the wait is waited for awake. */
#define EARLY 200000

struct frame {
    int64_t size;
    char *bytes;
};

struct send {
    int64_t at, frame, fd;
};

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void take(FILE *plan, void *into, size_t size) {
    if (fread(into, 1, size, plan) != size) fail("the plan");
}

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void wait_until(int64_t moment) {
    if (moment - now_ns() > 2 * EARLY) {
        int64_t wake = moment - EARLY;
        struct timespec at = {.tv_sec = wake / 1000000000, .tv_nsec = wake % 1000000000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
    }
    while (now_ns() < moment) {
    }
}

int main(int count, char **words) {
    if (count != 2) return 2;
    FILE *plan = fopen(words[1], "rb");
    if (!plan) fail(words[1]);
    int64_t head[3];
    take(plan, head, sizeof head);
    struct frame *frames = calloc(head[1], sizeof *frames);
    for (int64_t i = 0; i < head[1]; i++) {
        take(plan, &frames[i].size, sizeof frames[i].size);
        frames[i].bytes = malloc(frames[i].size);
        if (!frames[i].bytes) fail("malloc");
        take(plan, frames[i].bytes, frames[i].size);
    }
    struct send *sends = calloc(head[2], sizeof *sends);
    int64_t *times = calloc(head[2], sizeof *times);
    if (!frames || !sends || !times) fail("calloc");
    take(plan, sends, head[2] * sizeof *sends);
    if (now_ns() > head[0]) {
        fprintf(stderr, "the plan begins before it was read\n");
        return 3;
    }
    for (int64_t i = 0; i < head[2]; i++) {
        struct frame *frame = &frames[sends[i].frame];
        wait_until(head[0] + sends[i].at);
        times[i] = now_ns();
        if (send(sends[i].fd, frame->bytes, frame->size, MSG_NOSIGNAL) != frame->size) fail("send");
    }
    return fwrite(times, sizeof *times, head[2], stdout) == (size_t)head[2] ? 0 : 1;
}
