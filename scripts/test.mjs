// `npm test`: set-up, then every test; the last line is the count.
import './setup/check-node.mjs'

import('./test/main.mjs')
