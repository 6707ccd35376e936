import { Markup, markup } from './markup.ts'
import { contentSecurityPolicy, readStyle } from './page-assets.ts'

export interface StaticPage {
  readonly title: string
  /** Names of style sheets beside that of the colours. */
  readonly styles: readonly string[]
  readonly body: Markup
}

/** A page that loads nothing and runs nothing. */
export function staticPage({ title, styles, body }: StaticPage): string {
  const style = readStyle('colours.css', 'static.css', ...styles)
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy({ style })}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${body}
</body>
</html>
`.text
}
