import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import type { RunRecord } from '../run-record.ts'
import { firstFailure } from './failure-view.ts'
import { Markup, markup } from './markup.ts'
import { contentSecurityPolicy, pageDirectory, readStyle } from './page-assets.ts'
import { toPageData } from './to-page-data.ts'
import { bundleModules } from './page-script.ts'
import { bootPanel, environmentPanel, runPanel } from './parts/details.ts'
import { header } from './parts/header.ts'
import { tree } from './parts/tree.ts'
import { workbench } from './parts/workbench.ts'
import type { RunTimeline } from './run-timeline.ts'

/**
 * `report.markup`: one file that opens from disk and loads nothing. What a run has to tell in words is HTML;
 * the consoles lie in it compressed, where nothing that a board said can be taken for markup. Only the
 * script and the style with the hashes named in it are obeyed.
 */
export function toHtml(record: RunRecord, timeline: RunTimeline): string {
  const { script, style } = pageAssets()
  const failure = firstFailure(record, timeline)
  const data = deflateSync(JSON.stringify(toPageData(timeline)), { level: 9 }).toString('base64')
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy({ script, style })}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${titleOf(record)}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${header(record, failure)}
<main>
<nav aria-label="Tests">${tree(record, timeline)}</nav>
${workbench({
  boards: timeline.boards.map(({ name }) => name),
  boot: bootPanel(record, timeline),
  environment: environmentPanel(record),
  run: runPanel(record),
})}
</main>
<script type="application/octet-stream" id="data">${data}</script>
<script>${new Markup(script)}</script>
</body>
</html>
`.text
}

function titleOf({ finished, boards, started }: RunRecord): string {
  const verdict = finished?.interruptedBy === undefined ? finished?.verdict : 'interrupted'
  const names = boards.map(({ name }) => name).join(', ')
  return `${(verdict ?? 'cut off').replaceAll('-', ' ')}: ${names} ${started?.startedAt.slice(0, 16).replace('T', ' ') ?? ''}`
}

let assets: { readonly script: string; readonly style: string } | undefined

/** Read once. */
function pageAssets() {
  assets ??= {
    script: bundleModules(join(pageDirectory(), 'main.js')),
    style: readStyle('colours.css', 'page.css'),
  }
  return assets
}
