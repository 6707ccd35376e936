import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { commands, nameOf, type CommandEntry, type CommandGroup } from '../../../src/cli/commands.ts'
import { runProgram } from '../../support/run-program.ts'

const page = fileURLToPath(new URL('../../../docs/cli.md', import.meta.url))

/** A mark with the words of a command, and the help below it, if it is there already. */
const helpBlock = /<!-- help: ?(.*?) -->\n+(?:```text\n[\s\S]*?\n```\n+)?/g

function pathsOf(entries: readonly (CommandEntry | CommandGroup)[], prefix = ''): readonly string[] {
  return entries.flatMap((entry) => {
    const path = `${prefix}${nameOf(entry)}`
    return 'commands' in entry ? [path, ...pathsOf(entry.commands, `${path} `)] : [path]
  })
}

/** The help of each command, as it is without a terminal. */
async function helpsOf(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { stdout } = runProgram('print-helps.ts', paths)
  assert.ok(stdout !== null)
  const helps = (await text(stdout)).split('\0').slice(1)
  return new Map(paths.map((path, index) => [path, helps[index]?.trimEnd() ?? '']))
}

describe('docs/cli.md', () => {
  it('holds the help of every command, as it is (HIL_UPDATE_DOCS=1 writes it)', async function () {
    this.timeout(120_000)
    const written = readFileSync(page, 'utf8')
    const paths = [...written.matchAll(helpBlock)].map(([, path = '']) => path)
    assert.deepEqual(paths.toSorted(), ['', ...pathsOf(commands)].toSorted())
    const helps = await helpsOf(paths)
    const wanted = written
      .replace(helpBlock, (_block, path: string) => {
        return `<!-- help: ${path} -->\n\n\`\`\`text\n${helps.get(path) ?? ''}\n\`\`\`\n\n`
      })
      .trimEnd()
      .concat('\n')
    if (process.env['HIL_UPDATE_DOCS'] === '1') writeFileSync(page, wanted)
    else assert.equal(written, wanted)
  })
})
