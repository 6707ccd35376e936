import type { BootCourse } from '../../../history/queries/boots.ts'
import { markup, Markup } from '../../../report/html/markup.ts'
import { countOf, formatDate, placeNamer } from '../text/words.ts'
import { seriesFigure } from './series-figure.ts'

/** The boot times of all boards as one file: nothing is fetched, no script runs. */
export function bootTimePage(courses: readonly BootCourse[]): string {
  const nameOf = placeNamer(courses)
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Boot times</title>
<style>${new Markup(styles)}</style>
</head>
<body>
<h1>Boot times</h1>
<p class="key">Each dot is a boot, in the order of the runs; rest on one to see which. Lines are medians; a dashed line is where the level changed.</p>
${courses.map((course) => boardSection(course, nameOf(course)))}
</body>
</html>
`.text
}

function boardSection(course: BootCourse, name: string): Markup {
  const { boots, end, series } = course
  const [first, last] = [boots[0], boots.at(-1)].map((boot) => formatDate(boot?.startedAt ?? 0).slice(0, 10))
  return markup`<section>
<h2>${name}</h2>
<p>${countOf(boots.length, 'boot')} from power to ${end}, ${first === last ? first : `${first} to ${last}`}</p>
${series.map((one) => seriesFigure(one, course, one.name === 'boot' ? 220 : 130))}
</section>
`
}

const styles = `
:root {
  --back: #ffffff; --text: #1c2128; --quiet: #59636e; --grid: #e4e7eb;
  --dot: #5b8fd6; --median: #1c2128; --slower: #c02636; --faster: #1a7f37;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14181d; --text: #e6eaee; --quiet: #9aa5b1; --grid: #2b323a;
    --dot: #84b4f4; --median: #e6eaee; --slower: #ff7b7b; --faster: #56c271;
  }
}
body { background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 0; }
p { margin: 0.2rem 0 1rem; color: var(--quiet); }
figure { margin: 0 0 1.2rem; overflow-x: auto; }
figcaption { position: sticky; left: 0; color: var(--quiet); font-variant-numeric: tabular-nums; }
figcaption strong { color: var(--text); margin-right: 0.5rem; }
svg { display: block; width: 100%; min-width: 44rem; height: auto; font: 11px system-ui, sans-serif; }
.grid { stroke: var(--grid); }
.tick { fill: var(--quiet); }
circle, .far { fill: var(--dot); opacity: 0.75; }
.median { stroke: var(--median); stroke-width: 2; }
.change { stroke-dasharray: 4 3; }
.slower line { stroke: var(--slower); } .slower text { fill: var(--slower); }
.faster line { stroke: var(--faster); } .faster text { fill: var(--faster); }
`
