import { openDB } from "idb";
import {fetchJson} from "../../grids/requests.js";
console.log(openDB, fetchJson);