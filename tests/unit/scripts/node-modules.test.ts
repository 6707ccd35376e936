import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { areNodeModulesCurrent } from '../../../scripts/setup/node-modules.mjs'

describe('whether npm ci is needed', () => {
  let root = ''
  const yaml = { version: '2.9.1', integrity: 'sha512-a' }

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'hil-test-'))
    await mkdir(join(root, 'node_modules'))
  })
  afterEach(() => rm(root, { recursive: true }))

  const lock = (packages: object) =>
    writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }))
  const install = (packages: object) =>
    writeFile(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }))

  it('is not, when everything locked is installed', async () => {
    await lock({ 'node_modules/yaml': yaml })
    await install({ 'node_modules/yaml': yaml })
    assert.equal(areNodeModulesCurrent(root), true)
  })

  it('is not, when only an optional package of another platform is absent', async () => {
    await lock({ 'node_modules/yaml': yaml, 'node_modules/fsevents': { version: '1.0.0', optional: true } })
    await install({ 'node_modules/yaml': yaml })
    assert.equal(areNodeModulesCurrent(root), true)
  })

  it('is, when nothing is installed or an installation was interrupted', async () => {
    await lock({ 'node_modules/yaml': yaml })
    assert.equal(areNodeModulesCurrent(root), false)
  })

  it('is, when another version is locked', async () => {
    await lock({ 'node_modules/yaml': { version: '2.9.2', integrity: 'sha512-b' } })
    await install({ 'node_modules/yaml': yaml })
    assert.equal(areNodeModulesCurrent(root), false)
  })

  it('is, when a package was added', async () => {
    await lock({ 'node_modules/yaml': yaml, 'node_modules/zod': { version: '4.6.7' } })
    await install({ 'node_modules/yaml': yaml })
    assert.equal(areNodeModulesCurrent(root), false)
  })
})
