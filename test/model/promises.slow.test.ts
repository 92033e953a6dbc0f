import { describePromises } from './describe-promises.js';

describePromises(500);
