import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { z } from 'zod'
import { makeCatalogue } from '../../src/app/catalogue.ts'
import type { Driver } from '../../src/board/driver.ts'
import { startDeadline } from '../../src/core/deadline.ts'
import { packageDirectory } from '../../src/core/package-directory.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import { describePowerSwitch } from './power-switch-contract.ts'

const root = packageDirectory()
const guide = await readFile(join(root, 'docs/writing-a-driver.md'), 'utf8')
const { webRelayPower } = (await loadExample('src/drivers/power/web-relay.ts')) as {
  webRelayPower: Driver<'power', z.ZodType<{ url: string; relay: number }>>
}
const { conserverConsole } = (await loadExample('src/drivers/console/conserver.ts')) as {
  conserverConsole: Driver<'console', z.ZodType<{ server: string; name: string }>>
}

/** Runs a file of the guide as if it lay where the guide says. */
function loadExample(place: string): Promise<unknown> {
  return runFiles({ 'main.mts': example(place) })
}

/** A file of the guide, to be run from elsewhere. */
function example(place: string): string {
  const source = [...guide.matchAll(/^```ts\n(\/\/ (\S+)\n.*?)^```/gms)].find(
    ([, , path]) => path === place,
  )?.[1]
  assert.ok(source, `the guide shows ${place}`)
  return fromElsewhere(source, place).replaceAll(`'zod'`, `'${import.meta.resolve('zod')}'`)
}

function fromElsewhere(source: string, place: string): string {
  const home = pathToFileURL(join(root, dirname(place), '/'))
  return source.replaceAll(/'(\.\.?\/[^']+)'/g, (_, path: string) => `'${new URL(path, home).href}'`)
}

/** @returns what `main.mts` exports */
async function runFiles(files: Readonly<Record<string, string>>): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-guide-'))
  try {
    for (const [name, source] of Object.entries(files)) await writeFile(join(directory, name), source)
    return await import(pathToFileURL(join(directory, 'main.mts')).href)
  } finally {
    await rm(directory, { recursive: true })
  }
}

interface RelayBoard {
  readonly url: string
  readonly states: Map<string, string>
  mode: 'well' | 'hangs' | 'lies' | 'fails'
}

const boards = new WeakMap<TestContext, RelayBoard>()
const boardOf = (context: TestContext) => boards.get(context) ?? assert.fail('no relay board')

/** The relay board of the guide. */
async function startRelayBoard(context: TestContext): Promise<string> {
  const states = new Map<string, string>()
  const server = createServer((request, response) => {
    const { mode } = boardOf(context)
    if (mode === 'hangs') return
    const [, relay = '', command] = /^\/relay\/([1-8])(?:\/(on|off))?$/.exec(request.url ?? '') ?? []
    if (command !== undefined && mode === 'well') states.set(relay, command)
    response.statusCode = relay === '' ? 404 : mode === 'fails' ? 500 : 200
    response.end(`${states.get(relay) ?? 'off'}\n`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.undo.defer('the relay board', () => {
    server.close()
    server.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  boards.set(context, { url, states, mode: 'well' })
  return url
}

describePowerSwitch({
  name: 'web-relay (of the guide to drivers)',
  readsBack: true,
  create: async (context, t) => {
    const url = await startRelayBoard(context)
    return webRelayPower.open({ url, relay: 3 }, context, t)
  },
  hasPower: (context) => Promise.resolve(boardOf(context).states.get('3') === 'on'),
  wrongOutlet: {
    create: (context, t) => webRelayPower.open({ url: boardOf(context).url, relay: 9 }, context, t),
    code: 'power.refused',
  },
  wrongPassword: { never: 'the relay board asks for none' },
  hang: (context) => (boardOf(context).mode = 'hangs'),
  lie: (context) => (boardOf(context).mode = 'lies'),
  fail: (context) => (boardOf(context).mode = 'fails'),
})

describe('The guide to drivers', () => {
  it('blames who has to act', async () => {
    using t = startDeadline(5000, 'test')
    const context = await createTestContext()
    const url = await startRelayBoard(context)
    const wrong = await webRelayPower.open({ url, relay: 33 }, context, t)
    await assert.rejects(wrong.on(t), {
      code: 'power.refused',
      blame: 'environment',
      message: /relay\/33\/on/,
    })
    await context.release()
    const gone = await webRelayPower.open({ url, relay: 3 }, context, t)
    await assert.rejects(gone.on(t), { code: 'power.unreachable', blame: 'infrastructure' })
  })

  it('refuses options that are wrong', () => {
    assert.equal(webRelayPower.schema.safeParse({ url: '10.0.0.40', relay: 3 }).success, false)
    assert.equal(webRelayPower.schema.safeParse({ url: 'http://a', relay: 3, rely: 1 }).success, false)
  })

  it('puts a power switch into the catalogue by the one line it shows', async () => {
    const line = "export { webRelayPower } from './power/web-relay.ts'"
    assert.ok(guide.includes(`\n\`\`\`ts\n${line}\n\`\`\`\n`), 'the guide shows the line')
    const index = await readFile(join(root, 'src/drivers/index.ts'), 'utf8')
    const drivers = (await runFiles({
      'web-relay.mts': example('src/drivers/power/web-relay.ts'),
      'main.mts': `${fromElsewhere(index, 'src/drivers/index.ts')}${line.replace('./power/web-relay.ts', './web-relay.mts')}\n`,
    })) as Record<string, Driver>
    const catalogue = makeCatalogue(Object.values(drivers))
    const options = { driver: 'web-relay', url: 'http://10.0.0.40', relay: 3 }
    assert.equal(catalogue.find(({ name }) => name === 'web-relay')?.kind, 'power')
    const sequence = catalogue.find(({ name }) => name === 'sequence') ?? assert.fail('no sequence')
    assert.equal(sequence.schema.safeParse({ rails: [{ power: options }] }).error, undefined)
  })

  it('shows a console that is one of its own', () => {
    assert.deepEqual(conserverConsole.resources({ server: 'Lab', name: 'rock3a' }), ['conserver:lab/rock3a'])
  })
})
