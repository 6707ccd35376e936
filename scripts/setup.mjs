// `npm run setup`: everything that the boards and the tests need. Ends with 2 where a part could not be had.
import './setup/check-node.mjs'

import('./setup/main.mjs')
