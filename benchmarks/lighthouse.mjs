// The categories of Lighthouse (performance, accessibility, best practices, SEO) of pages, with its phone profile.
//
//     python -m tei_export.cli build html
//     python benchmarks/serve.py build/html 8795
//     PUPPETEER_SKIP_DOWNLOAD=1 npm install --no-save lighthouse@12.8.2 puppeteer-core
//     CHROME_PATH=/usr/bin/chromium node benchmarks/lighthouse.mjs index thesis/chapter-06
//
// An idle machine: performance falls with every other program that runs. After the four numbers: what costs points.

import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const home = process.env.SITE ?? "http://127.0.0.1:8795";
const browser = await puppeteer.launch({ executablePath: process.env.CHROME_PATH, args: ["--no-sandbox"], headless: true });
const port = Number(new URL(browser.wsEndpoint()).port);
for (const name of process.argv.slice(2)) {
  const { lhr } = await lighthouse(`${home}/${name}.html`, { port, output: "json", logLevel: "error", formFactor: "mobile" });
  const lost = [];
  for (const category of Object.values(lhr.categories)) {
    for (const { id, weight } of category.auditRefs) {
      const { score, displayValue } = lhr.audits[id];
      if (weight > 0 && score !== null && score < 0.9) lost.push(`${id} ${displayValue ?? score}`);
    }
  }
  const scores = Object.values(lhr.categories).map((category) => Math.round(category.score * 100));
  console.log(name, scores.join("/"), lost.join("; "));
}
await browser.close();
