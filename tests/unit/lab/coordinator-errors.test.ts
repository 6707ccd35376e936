import { Metadata, status, type ServiceError } from '@grpc/grpc-js'
import assert from 'node:assert/strict'
import { connectionError } from '../../../src/lab/coordinator/coordinator-errors.ts'

const address = 'labhost:20408'

function said(code: status, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() })
}

describe('what went wrong with a coordinator', () => {
  const errorOf = (cause: Error) => connectionError({ address, isSecure: false }, cause)
  let proxyBefore: string | undefined

  beforeEach(() => {
    proxyBefore = process.env['LG_PROXY']
    delete process.env['LG_PROXY']
  })
  afterEach(() => {
    if (proxyBefore === undefined) delete process.env['LG_PROXY']
    else process.env['LG_PROXY'] = proxyBefore
  })

  it('is its protocol where its messages are others', () => {
    const { code, blame, message } = errorOf(
      said(status.INTERNAL, 'Response message parsing error: index out of range: 6 + 10 > 6'),
    )
    assert.deepEqual([code, blame], ['coordinator.protocol', 'environment'])
    assert.match(message, /^what answers at labhost:20408 is no coordinator that hil understands: /)
  })

  it('is its own refusal where it answers with one, which nobody takes for a server that is not there', () => {
    const { code, message } = errorOf(said(status.FAILED_PRECONDITION, 'this client is too old'))
    assert.equal(code, 'coordinator.unreachable')
    assert.equal(
      message,
      'the coordinator at labhost:20408 refuses to talk to hil: this client is too old (FAILED_PRECONDITION); its own log may say more, and whether it is of another time than labgrid 25 and 26',
    )
  })

  it('is that it hung up where it ended the conversation', () => {
    const { message } = errorOf(new Error('it ended the conversation'))
    assert.match(message, /^the coordinator at labhost:20408 hung up: .*; it is being stopped, or /)
    assert.doesNotMatch(message, /TLS|not running/)
  })

  it('is told with the way there for those whose labgrid-client goes through a host in between', () => {
    const gone = said(status.UNAVAILABLE, 'connect ECONNREFUSED 10.0.0.1:20408')
    assert.doesNotMatch(errorOf(gone).message, /LG_PROXY/)
    process.env['LG_PROXY'] = 'gate'
    assert.match(
      errorOf(gone).message,
      /; hil does not go through \$LG_PROXY: "ssh -N -L 20408:labhost:20408 gate" brings it to 127\.0\.0\.1:20408$/,
    )
  })
})
