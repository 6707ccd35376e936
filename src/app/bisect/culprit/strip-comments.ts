/** What a compiler makes nothing of in C, assembler and device trees; in strings it is none. */
const inC = /"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*/g
/** In make files, Kconfig, scripts and YAML. */
const inScripts = /"(?:\\[\s\S]|[^"\\\n])*"|'[^'\n]*'|(?<=^|\s)#[^\n]*/gm

const likeC = /\.(?:c|h|S|dts|dtsi|dtso|rs|cc|cpp|lds)$/
const likeScripts = /(?:^|\/)(?:Makefile|Kbuild|Kconfig)[^/]*$|\.(?:sh|py|pl|ya?ml|mk)$/

/** A text without its comments, and with one space wherever there are some; undefined where nobody knows what a comment is. */
export function withoutComments(path: string, text: string): string | undefined {
  const comments = likeC.test(path) ? inC : likeScripts.test(path) ? inScripts : undefined
  if (comments === undefined) return undefined
  const bare = text.replaceAll(comments, (found) => (/^["']/.test(found) ? found : ' '))
  // The indentation of a script may mean something.
  return comments === inC ? bare.replaceAll(/\s+/g, ' ').trim() : bare.replaceAll(/[ \t]+$|^\n/gm, '')
}
