import { describePromises } from './describe-promises.js';

// A sample; the slow lane plays ten times as many.
describePromises(50);
