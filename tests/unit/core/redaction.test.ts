import assert from 'node:assert/strict'
import fc from 'fast-check'
import { RedactedStream, Redactor } from '../../../src/core/redaction.ts'

function redactorOf(...secrets: readonly string[]): Redactor {
  const redactor = new Redactor()
  for (const secret of secrets) redactor.add(secret)
  return redactor
}

describe('Redactor', () => {
  it('changes nothing while it knows no secret', () => {
    const event = { text: 'hunter2' }
    assert.equal(new Redactor().redact(event), event)
    assert.equal(redactorOf('').redact(event), event)
  })

  it('takes a secret out of every string of an event, and leaves other values', () => {
    const event = {
      a: ['log in with hunter2'],
      details: { hunter2: { n: 1, none: null, yes: true, type: 'hunter2' } },
    }
    assert.deepEqual(redactorOf('hunter2').redact(event), {
      a: ['log in with •••'],
      details: { '•••': { n: 1, none: null, yes: true, type: '•••' } },
    })
  })

  it('leaves the words that events are read by, whatever a password is', () => {
    const event = {
      type: 'run-finished',
      verdict: 'environment-wrong',
      error: { code: 'shell.login-refused', message: 'wrong shell', blame: 'environment' },
      board: 'shell',
      to: 'shell',
    }
    const redactor = redactorOf('wrong', 'shell', 'type', 'verdict', 'error', 'environment')
    assert.deepEqual(redactor.redact(event), { ...event, error: { ...event.error, message: '••• •••' } })
  })

  it('leaves no secret in a field for words that is no word', () => {
    assert.deepEqual(redactorOf('hunter2').redact({ to: '/srv/hunter2', status: 'it says hunter2' }), {
      to: '/srv/•••',
      status: 'it says •••',
    })
  })

  it('takes the longer of two secrets that begin alike', () => {
    assert.equal(redactorOf('hunter', 'hunter2').text('hunter2 hunter'), '••• •••')
  })

  it('finds a secret that JSON, a URL or a regular expression would write differently', () => {
    const redactor = redactorOf('a"b\\c d+(e')
    for (const written of ['a"b\\c d+(e', JSON.stringify('a"b\\c d+(e'), encodeURIComponent('a"b\\c d+(e')]) {
      assert.ok(redactor.text(`x ${written} y`).includes('•••'), written)
    }
  })

  it('finds a secret in base64, wherever its bytes fall', () => {
    for (const before of ['', 'x', 'xx', 'xxx']) {
      const encoded = Buffer.from(`${before}correct horse${before}`).toString('base64')
      assert.match(redactorOf('correct horse').text(encoded), /•••/, encoded)
    }
  })

  it('replaces a secret of few characters only where it stands alone', () => {
    assert.equal(redactorOf('pi').text('pi: pick pi'), '•••: pick •••')
  })
})

describe('RedactedStream', () => {
  function feed(redactor: Redactor, pieces: readonly Uint8Array[]): string {
    const stream = new RedactedStream(redactor)
    return Buffer.concat([...pieces.map((piece) => stream.push(piece)), stream.end()]).toString()
  }

  it('finds a secret that is cut at any byte', () => {
    const text = Buffer.from('login: root\npass: hünter2\nok')
    for (let cut = 0; cut <= text.length; cut++) {
      const pieces = [text.subarray(0, cut), text.subarray(cut)]
      assert.equal(feed(redactorOf('hünter2'), pieces), 'login: root\npass: •••\nok')
    }
  })

  it('lets through at once what cannot be the beginning of a secret', () => {
    const stream = new RedactedStream(redactorOf('hunter2'))
    assert.equal(Buffer.from(stream.push(Buffer.from('a prompt> hun'))).toString(), 'a prompt> ')
    assert.equal(Buffer.from(stream.push(Buffer.from('t'))).toString(), '')
    assert.equal(Buffer.from(stream.push(Buffer.from('y'))).toString(), 'hunty')
  })

  it('keeps every byte of a stream without secrets, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (pieces) => {
        const stream = new RedactedStream(redactorOf('\u{1F511} not in there'))
        const out = Buffer.concat([...pieces.map((piece) => stream.push(piece)), stream.end()])
        assert.deepEqual(out, Buffer.concat(pieces))
      }),
    )
  })
})
