import { strict as assert } from 'node:assert'
import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileSource } from '../../../src/build/files.ts'
import { collect, openChecked } from '../../../src/codecs/byte-source.ts'

describe('a file that is streamed', () => {
  let directory: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
  })

  after(() => rm(directory, { recursive: true }))

  for (const size of [0, 1, 5000, (1 << 20) - 1, 1 << 20, (5 << 19) + 3]) {
    it(`gives its ${size} bytes, and again when it is opened again`, async () => {
      const { source, bytes } = await fileOf(size)
      for (let round = 0; round < 2; round++)
        assert.ok(Buffer.from(await collect(source.open(), size)).equals(bytes))
    })
  }

  it('is told from what it was when it has grown', async () => {
    const { source, path } = await fileOf(5000)
    await appendFile(path, 'x')
    await assert.rejects(
      collect(openChecked(source, 'board.dtb'), Infinity),
      /board\.dtb was announced with 5000 bytes but gave more/,
    )
  })

  it('is told from what it was when it has shrunk', async () => {
    const { source, path } = await fileOf(5000)
    await truncate(path, 4999)
    await assert.rejects(collect(openChecked(source, 'board.dtb'), Infinity), /5000 bytes but gave 4999/)
  })

  it('says how to get a file of a shipped environment that is not there', async () => {
    await assert.rejects(
      fileSource(join(directory, 'hil/debian-arm64/Image')),
      /no such file or directory; "npm run setup" gets it$/,
    )
    await assert.rejects(fileSource(join(directory, 'Image')), /no such file or directory$/)
  })

  async function fileOf(size: number) {
    const path = join(directory, `file-${size}`)
    const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, index) => index * 31 + (index >> 12)))
    await writeFile(path, bytes)
    return { path, bytes, source: await fileSource(path) }
  }
})
