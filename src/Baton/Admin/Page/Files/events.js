// Follows the event stream: each phase wakes the source, so that short ones are seen too. It ends with the generation that
// sends it, and is opened anew at whoever accepts then.

const retryAfter = [200, 500, 1000, 5000];
const longestLine = 64 * 1024;

export async function follow(source) {
  for (let failures = 0; ; ) {
    const opened = performance.now();
    try {
      const answer = await source.fetch("/events");
      if (answer.ok) await read(answer.body, () => source.wake());
    } catch {
      // Opened anew below; whether the daemon is reachable at all is the source's to say.
    }
    failures = performance.now() - opened > 10 * 1000 ? 0 : Math.min(failures + 1, retryAfter.length - 1);
    await new Promise((resolve) => setTimeout(resolve, retryAfter[failures]));
  }
}

// https://html.spec.whatwg.org/multipage/server-sent-events.html: an event ends with an empty line, a comment begins with ":".
async function read(body, tell) {
  const decoder = new TextDecoder();
  let rest = "";
  let hasData = false;
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r\n|\n|\r/);
    rest = lines.pop().slice(0, longestLine);
    for (const line of lines) {
      if (line === "" && hasData) tell();
      hasData = line !== "" && (hasData || line.startsWith("data"));
    }
  }
}
