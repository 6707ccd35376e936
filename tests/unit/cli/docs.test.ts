import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { commands, type CommandEntry, type CommandGroup } from '../../../src/cli/commands.ts'
import { nameOf } from '../../../src/cli/cli.ts'
import { runHil } from '../../support/run-hil.ts'

const page = fileURLToPath(new URL('../../../docs/cli.md', import.meta.url))

/** A mark with the words of a command, and the help below it, if it is there already. */
const helpBlock = /<!-- help: ?(.*?) -->\n+(?:```text\n[\s\S]*?\n```\n+)?/g

function pathsOf(entries: readonly (CommandEntry | CommandGroup)[], prefix = ''): readonly string[] {
  return entries.flatMap((entry) => {
    const path = `${prefix}${nameOf(entry)}`
    return 'commands' in entry ? [path, ...pathsOf(entry.commands, `${path} `)] : [path]
  })
}

async function helpOf(path: string): Promise<string> {
  const { stdout } = await runHil([...path.split(' ').filter((word) => word !== ''), '--help'])
  return stdout.trimEnd()
}

describe('docs/cli.md', () => {
  it('holds the help of every command, as it is (HIL_UPDATE_DOCS=1 writes it)', async function () {
    this.timeout(120_000)
    const text = readFileSync(page, 'utf8')
    const paths = [...text.matchAll(helpBlock)].map(([, path = '']) => path)
    assert.deepEqual(paths.toSorted(), ['', ...pathsOf(commands)].toSorted())
    const helps = new Map(await Promise.all(paths.map(async (path) => [path, await helpOf(path)] as const)))
    const wanted = text
      .replace(helpBlock, (_block, path: string) => {
        return `<!-- help: ${path} -->\n\n\`\`\`text\n${helps.get(path) ?? ''}\n\`\`\`\n\n`
      })
      .trimEnd()
      .concat('\n')
    if (process.env['HIL_UPDATE_DOCS'] === '1') writeFileSync(page, wanted)
    else assert.equal(text, wanted)
  })
})
