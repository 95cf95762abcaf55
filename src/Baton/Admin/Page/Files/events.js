// Follows the event stream: each step is told on, and wakes the source, so that short ones are seen too. It ends with the
// generation that sends it, and is opened anew at whoever accepts then, where it was.

const retryAfter = [250, 500, 1000, 5000];
const longestEvent = 256 * 1024;

// Before every event: at first the daemon tells of all that it remembers.
const beginning = "0-0";

/** @param hear Is told of each step: { generation, phase, at }. */
export async function follow(source, hear) {
  let last = beginning;
  let failures = 0;
  const tell = (event) => {
    last = event.id ?? last;
    failures = 0;
    if (event.data) hear(JSON.parse(event.data));
    source.wake();
  };
  for (;;) {
    try {
      const answer = await source.fetch("/events", { headers: { "Last-Event-ID": last } });
      if (answer.ok) await read(answer.body, tell);
    } catch {
      // Opened anew below; whether the daemon is reachable at all is the source's to say.
    }
    await new Promise((resolve) => setTimeout(resolve, retryAfter[failures]));
    failures = Math.min(failures + 1, retryAfter.length - 1);
  }
}

// https://html.spec.whatwg.org/multipage/server-sent-events.html: an event ends with an empty line, a comment begins with ":".
async function read(body, tell) {
  const decoder = new TextDecoder();
  let rest = "";
  let event = {};
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop();
    if (rest.length > longestEvent) throw new Error("This is no event.");
    for (const line of lines) {
      const [, name, value] = /^(id|data): ?(.*?)\r?$/.exec(line) ?? [];
      if (name) event[name] = value;
      if (line !== "" && line !== "\r") continue;
      if (event.data) tell(event);
      event = {};
    }
  }
}
