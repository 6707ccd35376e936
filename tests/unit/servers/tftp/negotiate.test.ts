import assert from 'node:assert/strict'
import { negotiate } from '../../../../src/servers/tftp/negotiate.ts'

function agree(options: Record<string, string>, size = 1000) {
  const { accepted, ...rest } = negotiate(new Map(Object.entries(options)), size)
  return { ...rest, accepted: Object.fromEntries(accepted) }
}

describe('The options of a TFTP request', () => {
  it('are what RFC 1350 says where there are none', () => {
    assert.deepEqual(agree({}), { blockSize: 512, windowSize: 1, accepted: {} })
  })

  it('are granted as asked, with the real size and the timeout unchanged', () => {
    assert.deepEqual(agree({ timeout: '5', blksize: '1432', tsize: '0', windowsize: '16' }), {
      blockSize: 1432,
      windowSize: 16,
      accepted: { blksize: '1432', timeout: '5', tsize: '1000', windowsize: '16' },
    })
  })

  it('are left out of the answer when they are unknown or make no sense', () => {
    const nonsense = { blksize: '7', timeout: '256', windowsize: '0', multicast: '', rollover: '0' }
    assert.deepEqual(agree(nonsense), { blockSize: 512, windowSize: 1, accepted: {} })
    for (const blksize of ['', '-8', '65465', '1e3', ' 512', '0x200', '999999999999']) {
      assert.deepEqual(agree({ blksize }).accepted, {}, blksize)
    }
  })

  it('bound a window by blocks and by bytes, and say so', () => {
    assert.equal(agree({ windowsize: '65535' }).windowSize, 256)
    const { windowSize, accepted } = agree({ windowsize: '65535', blksize: '65464' })
    assert.equal(windowSize, 16)
    assert.equal(accepted['windowsize'], '16')
  })
})
