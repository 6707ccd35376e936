import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { atBarebox, type BoardConsole } from './board-console.ts'

/** What was typed into real barebox on QEMU, and what it printed up to the next prompt. */
interface Case {
  readonly input: string
  readonly output: string
  /** The working directory in the prompt, where it is not the root. */
  readonly directory?: string
}

const fixtures = new URL('../../fixtures/barebox-cases/', import.meta.url)

for (const group of ['language', 'commands', 'boot', 'bootchooser']) {
  describe(`The simulated barebox answers like a real one: ${group}`, () => {
    const cases = JSON.parse(readFileSync(new URL(`${group}.json`, fixtures), 'utf8')) as Case[]
    let console: BoardConsole
    let directory: string

    before(async () => {
      console = await atBarebox({ barebox: { disk: group.startsWith('boot') } })
      directory = await publishFiles(console)
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

const promptOrMore = /(?:\x1b\[1;32mbarebox@\x1b\[1;36m[^:]*:([^\x1b]*)\x1b\[0m |(?:^|\r\n)> )$/

/** Types a case line by line, and Ctrl-C when barebox still wants more after the last. */
async function typeCase(
  console: BoardConsole,
  input: string,
): Promise<{ output: string; directory: string }> {
  let output = ''
  for (const line of input.split('\n')) {
    await console.type(`${line}\r`)
    const answer = await console.until(promptOrMore)
    const echo = `${line}\r\n`
    assert.equal(answer.slice(0, echo.length), echo)
    output += answer.slice(echo.length)
  }
  // In `${` Ctrl-C is not heard: only the brace ends that.
  for (const [key, shown] of [
    ['\x03', '^C'],
    ['}\r', '}'],
  ] as const) {
    if (!output.endsWith('> ')) break
    await console.type(key)
    output += `${shown}${await console.until(promptOrMore)}`
  }
  const text = output.replaceAll('\r\n', '\n')
  const prompt = /\x1b\[1;32mbarebox@\x1b\[1;36m[^:]*:([^\x1b]*)\x1b\[0m $/.exec(text)
  return { output: text.slice(0, prompt?.index), directory: prompt?.[1] ?? '' }
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
async function publishFiles(console: BoardConsole): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
  const image = Buffer.alloc(4096)
  image.write('MZ', 0)
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
