import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writeOverrideFiles } from '../../support/barebox/override-files.ts'
import { typeCase, type BareboxCase } from '../../support/barebox/typed-case.ts'
import { atBarebox, type BoardConsole } from './board-console.ts'

const fixtures = new URL('../../fixtures/barebox-cases/', import.meta.url)

for (const group of ['language', 'commands', 'boot', 'bootchooser', 'override']) {
  describe(`The simulated barebox answers like a real one: ${group}`, () => {
    const cases = JSON.parse(readFileSync(new URL(`${group}.json`, fixtures), 'utf8')) as BareboxCase[]
    let console: BoardConsole
    let directory: string

    before(async () => {
      console = await atBarebox({ barebox: { disk: group.startsWith('boot') } })
      directory = await publishFiles(console, group)
    })

    after(async () => {
      console[Symbol.dispose]()
      await rm(directory, { recursive: true, force: true })
    })

    for (const recorded of cases) {
      it(JSON.stringify(recorded.input), async () => {
        const answer = await typeCase(console, recorded.input)
        assert.equal(normalise(answer.output), normalise(recorded.output))
        assert.equal(answer.directory, recorded.directory ?? '/')
      })
    }
  })
}

/** What differs from build to build, and the long texts of `help`, which are not simulated. */
function normalise(text: string): string {
  return text
    .replace(/^(barebox \S+ #\d+) .*? \d{4}( \(.*\))?$/m, '$1 DATE$2')
    .replace(/(\n\S+ - [^\n]*\n\n(?:Usage: [^\n]*\n\n)?)[^]*?(?=\n[a-z]+ - |\d+\n$|$)/g, '$1')
    .replace(/^time: \d+(?=[nm]s$)/m, 'time: N')
    .replace(/^(-[-rwx]{9}) +\d+ /gm, '$1 SIZE ')
}

/** The files that the recording's TFTP server had. */
async function publishFiles(console: BoardConsole, group: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
  if (group === 'override') {
    for (const name of await writeOverrideFiles(directory)) {
      await console.machine.files?.publish(name, join(directory, name), console.t)
    }
    return directory
  }
  const image = randomBytes(20_000)
  image.write('MZ', 0)
  image.writeBigUInt64LE(0n, 8)
  image.writeBigUInt64LE(0x2010000n, 16)
  image.write('ARM\x64', 56)
  const files = {
    'hello.txt': 'hello\n',
    'random.bin': Buffer.alloc(20_000, 'random'),
    Image: image,
    'Image.gz': gzipSync(image),
    'none-devboot-virt64':
      'devboot_image=Image\ndevboot_initrd=hello.txt\nglobal linux.bootargs.dyn.hil="x=1"\n',
  }
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(directory, name), content)
    await console.machine.files?.publish(name, join(directory, name), console.t)
  }
  return directory
}
