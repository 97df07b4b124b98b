// The benchmark's client on Artillery: a virtual user a socket, and a processor that reads each frame as JSON and tells Artillery's histogram
// of its latency. Run by node, it is Artillery's command line in this process; required by Artillery, it is the processor.
"use strict";

const fs = require("node:fs");
const { createRequire } = require("node:module");
const net = require("node:net");
const path = require("node:path");
const { performance } = require("node:perf_hooks");

const AGGREGATED_MS = 6000;

const say = (what) => fs.writeSync(1, JSON.stringify(what) + "\n");
const residentKb = () => Number(fs.readFileSync("/proc/self/statm", "ascii").split(" ")[1]) * 4;
const cpuS = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1e6; };
const collect = () => { if (global.gc) global.gc(); };

if (require.main === module) {
  begin(...process.argv.slice(2, 4), ...process.argv.slice(4, 7).map(Number), process.argv[7] === "latencies");
} else {
  module.exports = processor(JSON.parse(process.env.EARWITNESS_BENCH));
}

function begin(modules, folder, port, sockets, rounds, latencies) {
  const script = path.join(folder, `script-${process.pid}.json`);
  fs.writeFileSync(script, JSON.stringify({
    config: {
      target: `ws://127.0.0.1:${port}/`,
      processor: __filename,
      phases: [{ duration: Math.max(1, Math.ceil(sockets / 250)), arrivalCount: sockets }],
      ws: { perMessageDeflate: false },
    },
    scenarios: [{ engine: "ws", flow: [{ function: "listen" }] }],
  }));
  // The server takes this for the control connection, since it is the first.
  const control = net.connect(port, "127.0.0.1", () => {
    Object.assign(process.env, {
      // All sockets in one thread, as many as one core can use; and nobody is called at home.
      WORKERS: "1", AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: "1", ARTILLERY_DISABLE_TELEMETRY: "true", NO_UPDATE_NOTIFIER: "1", HOME: folder,
      EARWITNESS_BENCH: JSON.stringify({ sockets, rounds, latencies, control: control._handle.fd }),
    });
    // What Artillery prints for people is not for whoever reads what `say` says.
    process.stdout.write = () => true;
    const root = path.join(modules, "artillery");
    const theirs = createRequire(path.join(root, "package.json"));
    // What bin/run does, which takes the program for the place to read its plugins from.
    theirs("./lib/artillery-global").createGlobalObject()
      .then(() => theirs("@oclif/core").run(["run", "--quiet", script], { root }));
  });
}

function processor({ sockets, rounds, latencies, control }) {
  // By the clock by which the server says when a message was due.
  const clockMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  collect();
  const before = residentKb();
  const late = [];
  let open = 0, frames = 0, next = sockets, wrong = 0, began = 0, openedFrom = 0;

  function over() {
    late.sort((a, b) => a - b);
    const at = (share) => (late.length ? late[Math.min(late.length - 1, Math.floor(share * late.length))] : null);
    say({
      frames, wrong, cpu_s: cpuS() - began, opened_s: (began ? performance.now() - openedFrom : 0) / 1e3, p50_ms: at(0.5), p99_ms: at(0.99),
    });
  }

  function listen(context, ee, done) {
    openedFrom ||= performance.now();
    let number = 0;
    context.ws.onmessage = (event) => {
      const text = JSON.parse(event.data).message.content.split(" ");
      const ms = performance.now() + clockMs - Number(text[4]) / 1e6;
      number += 1;
      frames += 1;
      if (Number(text[3]) !== number) wrong += 1;
      ee.emit("histogram", "delivery", ms);
      if (latencies) late.push(ms);
      if (frames >= next) {
        fs.writeSync(control, ".");
        next += sockets;
        // Artillery keeps what it is told and puts it into its histograms every five seconds, which is part of what a frame costs.
        if (frames >= sockets * rounds) setTimeout(over, AGGREGATED_MS);
      }
    };
    // The virtual user stays until the server ends this process.
    open += 1;
    if (open === sockets) {
      collect();
      say({ ready: true, resident_kb: residentKb() - before });
      began = cpuS();
      if (!rounds) over();
    }
  }

  return { listen };
}
