import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { lookup } from 'node:dns/promises'
import { connect, type AddressInfo, createServer } from 'node:net'
import { once } from 'node:events'
import { reasonOf } from '../../../src/core/reason-of.ts'

describe('the reason of a failure, in words', () => {
  const failureOf = (work: () => unknown): unknown => {
    try {
      return work()
    } catch (error) {
      return error
    }
  }

  it('is what the system says of a file, without its code and its path', () => {
    const missing = failureOf(() => readFileSync('/nonexistent/file'))
    assert.equal(reasonOf(missing), 'no such file or directory')
    assert.equal(reasonOf(failureOf(() => readFileSync('/'))), 'it is a directory')
    assert.equal(reasonOf(failureOf(() => readdirSync('/dev/null'))), 'not a directory')
    assert.equal(reasonOf(failureOf(() => writeFileSync('/dev/full', 'x'))), 'no space left on device')
    const full = Object.assign(new Error('Unknown system error -122: Unknown system error -122, write'), {
      ...{ code: 'Unknown system error -122', errno: -122, syscall: 'write' },
    })
    assert.equal(reasonOf(full), 'disk quota exceeded')
  })

  it('names the file where that is another than the one which the sentence names', () => {
    const missing = failureOf(() => readFileSync('/nonexistent/file'))
    assert.equal(reasonOf(missing, '/nonexistent'), '/nonexistent/file: no such file or directory')
    assert.equal(reasonOf(missing, '/nonexistent/file'), 'no such file or directory')
  })

  it('has the address where nobody answered', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const [refused] = (await once(connect(port, '127.0.0.1'), 'error')) as [Error]
    assert.equal(reasonOf(refused), `connection refused (127.0.0.1:${port})`)
    const both = new AggregateError([refused, refused])
    assert.equal(reasonOf(both), `${reasonOf(refused)}, ${reasonOf(refused)}`)
  })

  it('says of a name that nobody knows which it is', async () => {
    const unknown = await lookup('nobody.invalid').catch((error: unknown) => error)
    assert.match(
      reasonOf(unknown),
      /^(?:the host name is not known|temporary failure in name resolution) \(nobody\.invalid\)$/,
    )
  })

  it('is the sentence of anything else', () => {
    assert.equal(reasonOf(new Error('it is too big')), 'it is too big')
    assert.equal(reasonOf('no'), 'no')
    assert.equal(reasonOf(undefined), 'undefined')
  })
})
