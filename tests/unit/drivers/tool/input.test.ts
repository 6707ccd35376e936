import assert from 'node:assert/strict'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { openTool } from '../../../../src/drivers/tool/tool.ts'

const mebibyte = 1 << 20

async function* pieces(count: number, made: number[] = []): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) {
    made.push(index)
    yield await Promise.resolve(Buffer.alloc(mebibyte, index))
  }
}

describe('A program that is given something to read', () => {
  const shell = openTool({ program: 'sh', timeout: 20_000 }, 'every system')

  it('reads all of it, and its end', async () => {
    using t = startDeadline(20_000, 'test')
    assert.equal((await shell.try(['-c', 'wc -c'], t, pieces(5))).stdout, String(5 * mebibyte))
  })

  it('is asked for its end where it did not want all, of which no more is made then', async () => {
    using t = startDeadline(20_000, 'test')
    const made: number[] = []
    const { exitCode, stderr } = await shell.try(['-c', 'echo no room >&2; exit 9'], t, pieces(1000, made))
    assert.deepEqual({ exitCode, stderr }, { exitCode: 9, stderr: 'no room' })
    assert.ok(made.length < 10, `${made.length} pieces`)
  })

  it('is ended where what it is to read fails', async () => {
    using t = startDeadline(20_000, 'test')
    const broken = async function* () {
      yield* pieces(1)
      throw new RangeError('the image ends too early')
    }
    await assert.rejects(shell.try(['-c', 'cat >/dev/null'], t, broken()), { message: /ends too early/ })
  })
})
