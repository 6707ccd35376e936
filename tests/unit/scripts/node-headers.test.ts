import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nodeHeaders } from '../../../scripts/setup/node-headers.mjs'
import { useScratch } from '../codecs/oracle.ts'

describe('The headers of Node', () => {
  const scratch = useScratch()

  it('are those that lie beside it and are of its version, or none', async () => {
    const node = join(scratch(), 'bin', 'node')
    assert.equal(nodeHeaders(node, '20.19.1'), undefined)
    await mkdir(join(scratch(), 'include', 'node'), { recursive: true })
    await writeFile(
      join(scratch(), 'include', 'node', 'node_version.h'),
      '#define NODE_MAJOR_VERSION 20\n#define NODE_MINOR_VERSION 19\n#define NODE_PATCH_VERSION 1\n',
    )
    assert.equal(nodeHeaders(node, '20.19.1'), scratch())
    assert.equal(nodeHeaders(node, '22.13.0'), undefined)
  })
})
