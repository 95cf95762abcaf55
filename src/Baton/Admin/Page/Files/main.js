// The page's table of contents: from the source to what is shown, about each second.
import { Cursor } from "./cursor.js";
import { byId } from "./dom.js";
import { follow } from "./events.js";
import { Headline } from "./headline.js";
import { Lives } from "./lives.js";
import { Plots } from "./plots.js";
import * as sections from "./sections.js";
import { Source } from "./source.js";
import { Table } from "./table.js";
import { Timeline } from "./timeline.js";
import { Token } from "./token.js";
import { Traffic } from "./traffic.js";

const token = new Token();
const source = new Source(token);
const routes = new Traffic("http_server_request_duration_seconds", (labels) => labels.http_route ?? "(none)");
const destinations = new Traffic("http_client_request_duration_seconds", (labels) => `${labels.baton_cluster}/${labels.baton_destination}`);
const lives = new Lives();
let now = Date.now();
const clock = () => now;

const cursor = new Cursor();
const headline = new Headline();
const timeline = new Timeline(byId("timeline"));
const routePlots = new Plots(byId("route-plots"), routes, "route", cursor);
const destinationPlots = new Plots(byId("destination-plots"), destinations, "destination", cursor);
const generationTable = new Table(byId("generation-table"), sections.generations(clock));
const routeTable = new Table(byId("route-table"), sections.routes(routes, routePlots));
const destinationTable = new Table(byId("destination-table"), sections.destinations(destinations, destinationPlots));
const certificateTable = new Table(byId("certificate-table"), sections.certificates);
const upgradeTable = new Table(byId("upgrade-table"), sections.upgrades(clock));

let scraped = null;

source.addEventListener("update", () => {
  token.show(source.state === "locked");
  headline.showLink(source.state);
  document.body.dataset.state = source.state;
  if (source.status) show(source.status, source.upgrades);
});

function show(status, upgrades) {
  now = Date.now();
  if (source.scrape && source.scrape !== scraped) {
    scraped = source.scrape;
    routes.add(scraped.at, scraped.families);
    destinations.add(scraped.at, scraped.families);
  }

  lives.update(status, upgrades, now);
  headline.showStatus(status, lives.lives, now);
  headline.showFigures(source.scrape, routes);
  timeline.show(lives, now);
  const marks = lives.handovers.map((one) => ({ at: one.at, name: one.outcome === "RolledBack" ? `${one.to} ↩ ${one.from}` : `→ ${one.to}` }));
  routePlots.show(now, marks);
  destinationPlots.show(now, marks);

  generationTable.show(status.generations ?? []);
  routeTable.show([...routes.series.keys()].sort());
  destinationTable.show(sections.destinationRows(status));
  certificateTable.show([...(status.certificates ?? [])].sort((one, other) => one.daysLeft - other.daysLeft));
  upgradeTable.show([...upgrades].reverse());
}

byId("reload").addEventListener("click", () => location.reload());
source.run();
follow(source, (event) => lives.hear(event));
