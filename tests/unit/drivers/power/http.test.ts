import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import type { HilError } from '../../../../src/core/errors.ts'
import { apcPower } from '../../../../src/drivers/power/apc.ts'
import { gudePower } from '../../../../src/drivers/power/gude.ts'
import { answerChallenge } from '../../../../src/drivers/power/http/authorization.ts'
import { valueAtPointer } from '../../../../src/drivers/power/http/json-pointer.ts'
import { restPower } from '../../../../src/drivers/power/rest.ts'
import { shellyPower } from '../../../../src/drivers/power/shelly.ts'
import { tasmotaPower } from '../../../../src/drivers/power/tasmota.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { itWith } from '../../../support/requirements.ts'

describe('Power over HTTP', () => {
  let context: TestContext
  let t: Deadline
  beforeEach(async () => {
    t = startDeadline(20_000, 'test')
    context = await createTestContext({ secret: () => Promise.resolve('geheim') })
  })
  afterEach(async () => {
    await context.release()
    t[Symbol.dispose]()
  })

  type Handler = (request: IncomingMessage, response: ServerResponse) => void
  async function serve(handler: Handler, certificate?: { key: Buffer; cert: Buffer }): Promise<string> {
    const server =
      certificate === undefined ? createServer(handler) : createSecureServer(certificate, handler)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    context.undo.defer('the server', () => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    return `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
  }

  const openGude = (options: object) =>
    gudePower.open(gudePower.schema.parse({ port: 1, ...options }), context, t)
  const outputs = JSON.stringify({ outputs: [{ state: 1 }] })

  it('names who does not answer, and for how long it was asked', async () => {
    const url = await serve(() => undefined)
    const power = await openGude({ url, timeout: '0.1s' })
    await assert.rejects(power.state(t), {
      code: 'power.timeout',
      message: new RegExp(`^the Gude at ${url.slice(7)} does not answer: .*100 ms`),
    })
  })

  it('names who is not there', async () => {
    const power = await openGude({ url: 'http://127.0.0.1:1' })
    await assert.rejects(power.state(t), {
      ...{ code: 'power.unreachable', blame: 'infrastructure' },
      message: "the Gude at 127.0.0.1:1 can't be reached: connection refused (127.0.0.1:1)",
    })
  })

  it('ends the request when the run is cancelled', async () => {
    let closed: Promise<unknown> = Promise.resolve()
    const url = await serve((request) => {
      closed = once(request.socket, 'close')
      cancel.abort(new Error('interrupted'))
    })
    const cancel = new AbortController()
    using run = startDeadline(10_000, 'run', { signal: cancel.signal })
    const power = await openGude({ url })
    await assert.rejects(power.state(run), { message: 'interrupted' })
    await t.race(closed)
  })

  it('gives the password to nobody who did not ask, and to a digest never', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve(({ headers }, response) => {
      seen.push(headers.authorization)
      const challenge = 'Digest realm="x", nonce="n", qop="auth,auth-int", algorithm=MD5'
      if (headers.authorization !== undefined) return void response.end(outputs)
      response.writeHead(401, { 'WWW-Authenticate': `Basic realm="x", ${challenge}` }).end()
    })
    const power = await openGude({ url, password: { env: 'GUDE' } })
    assert.equal(await power.state(t), 'on')
    assert.equal(seen[0], undefined)
    assert.match(seen[1] ?? '', /^Digest username="admin".*qop=auth, /)
    const plain = Buffer.from('admin:geheim').toString('base64')
    assert.ok(!seen.join().includes('geheim') && !seen.join().includes(plain))
  })

  it('answers as RFC 2617 has it where the server knows no qop', () => {
    const challenge =
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    const answer = answerChallenge(
      [challenge],
      { method: 'GET', path: '/dir/index.html' },
      { user: 'Mufasa', password: 'Circle Of Life' },
    )
    // Nothing in it is random then. The value is the one that everybody quotes for these words.
    assert.match(answer ?? '', /response="670fd8c2df070c60b045671b8b24ff02"/)
    assert.match(answer ?? '', /opaque="5ccc069c403ebaf9f0171e9517f40e41"/)
  })

  it('takes the best digest that is offered, and says nothing where it knows none', () => {
    const request = { method: 'GET', path: '/' }
    const who = { user: 'me', password: 'x' }
    const both = [
      'Digest realm="a", nonce="1", algorithm=MD5',
      'Digest realm="a", nonce="2", algorithm=SHA-256',
    ]
    assert.match(answerChallenge(both, request, who) ?? '', /nonce="2".*algorithm=SHA-256/)
    assert.equal(answerChallenge(['Negotiate'], request, who), undefined)
  })

  it('shows neither passwords nor what may hold one in its errors', async () => {
    const url = await serve(
      (_, response) => void response.end('{"WARNING":"Need user=<username>&password=<password>"}'),
    )
    const options = tasmotaPower.schema.parse({ url, password: { env: 'PLUG' } })
    for (const broken of [options, { ...options, url: 'http://127.0.0.1:1' }]) {
      const power = await tasmotaPower.open(broken, context, t)
      const error = await power.on(t).then(
        () => assert.fail('it switched'),
        (one: unknown) => one as HilError,
      )
      assert.ok(!JSON.stringify([error.message, error.details]).includes('geheim'), error.message)
    }
  })

  it('follows no answer without end', async () => {
    const url = await serve((_, response) => {
      const chunk = Buffer.alloc(1 << 16, 'x')
      const more = () => {
        while (response.write(chunk));
      }
      response.on('drain', more)
      more()
    })
    const power = await openGude({ url })
    await assert.rejects(power.state(t), { code: 'power.unreachable', message: /longer than 1048576 bytes/ })
  })

  itWith(['openssl'], 'trusts the certificate that is named, and no other unless told to', async () => {
    const [key, cert] = ['key', 'cert'].map((name) => join(context.temporaryDirectory, name))
    const subject = ['-subj', '/CN=pdu', '-addext', 'subjectAltName=IP:127.0.0.1']
    const files = ['-keyout', key ?? '', '-out', cert ?? '']
    await execa('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '1',
      ...subject,
      ...files,
    ])
    const certificate = { key: readFileSync(key ?? ''), cert: readFileSync(cert ?? '') }
    const url = await serve((_, response) => void response.end(outputs), certificate)
    await assert.rejects((await openGude({ url })).state(t), {
      code: 'power.unreachable',
      message: /self-signed certificate/,
    })
    assert.equal(await (await openGude({ url, ca: cert })).state(t), 'on')
    assert.equal(await (await openGude({ url, insecure: true })).state(t), 'on')
    await assert.rejects(openGude({ url, ca: '/nonexistent.pem' }), { code: 'power.no-certificate' })
  })

  it('takes an address with a login for a mistake', () => {
    const { error } = gudePower.schema.safeParse({ url: 'http://admin:1234@pdu', port: 1 })
    assert.match(JSON.stringify(error?.issues), /a login does not belong into the address/)
  })

  it('keeps two boards from one outlet, however the device is written', () => {
    const shelly = (url: string, id: number) =>
      shellyPower.resources(shellyPower.schema.parse({ url, switch: id }))
    assert.deepEqual(shelly('http://Plug7/', 0), shelly('http://plug7', 0))
    assert.notDeepEqual(shelly('http://plug7', 0), shelly('http://plug7', 1))
    const apc = (host: string, outlet: number) => apcPower.resources(apcPower.schema.parse({ host, outlet }))
    assert.deepEqual(apc('PDU1', 3), apc('pdu1', 3))
    assert.notDeepEqual(apc('pdu1', 3), apc('pdu1', 4))
  })

  it('sends headers that hold secrets, and finds the state by a JSON pointer', async () => {
    const seen: IncomingMessage[] = []
    const url = await serve((request, response) => {
      seen.push(request)
      response.end(JSON.stringify({ 'a/b': [{ state: 'off' }, { state: request.url }] }))
    })
    const options = {
      ...{ url: `${url}/api/`, outlet: 'desk lamp' },
      on: { path: '/on/{outlet}', headers: { Authorization: { env: 'TOKEN' } } },
      off: { path: '/off' },
      state: {
        path: 'states/{outlet}',
        pointer: '/a~1b/1/state',
        on: '^/api/states/desk%20lamp$',
        off: '^off$',
      },
    }
    const power = await restPower.open(restPower.schema.parse(options), context, t)
    await power.on(t)
    assert.equal(await power.state(t), 'on')
    assert.equal(seen[0]?.headers.authorization, 'geheim')
    assert.equal(seen[0]?.url, '/api/on/desk%20lamp')
    assert.equal(valueAtPointer({ a: 1 }, '/b/c'), undefined)
    assert.deepEqual(valueAtPointer([1], ''), [1])
  })
})
