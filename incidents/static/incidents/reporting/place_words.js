/** What is said about a place: how sure it is, who is in charge there, and why there is none. Pure. */
import { PositionTooVague } from "./fix.js";

// Beyond this a position says less than a tap on the map.
const POOR_ACCURACY_M = 200;
const PERMISSION_DENIED = 1;

export function sureness({ accuracyM }, located) {
  if (accuracyM === null) {
    return located.certain ? gettext("位置由您在地图上确定。") : gettext("位置由您在地图上确定,正好在边界上,请选择所在网格:");
  }
  const metres = Math.round(accuracyM);
  if (metres > POOR_ACCURACY_M) {
    return interpolate(gettext("定位误差约 %s 米,请把图钉拖到准确位置。"), [metres]);
  }
  const words = located.certain ? gettext("定位误差约 %s 米。") : gettext("定位误差约 %s 米,靠近边界,请选择所在网格:");
  return interpolate(words, [metres]);
}

export function notOwnWords(name) {
  return interpolate(gettext("不在您负责的网格内,将由%s处理。"), [name]);
}

/** `distanceM` is null where the phone alone cannot tell it. */
export function outsideWords(distanceM) {
  if (distanceM === null) return gettext("这个位置在本区之外。请把图钉移到纠纷发生的地方。");
  const words = distanceM < 1000
    ? interpolate(gettext("%s 米"), [Math.round(distanceM)])
    : interpolate(gettext("%s 公里"), [(distanceM / 1000).toFixed(1)]);
  return interpolate(gettext("这个位置在本区之外,离最近的网格 %s。请把图钉移到纠纷发生的地方。"), [words]);
}

/** Why the phone gave no position. */
export function noPosition(error) {
  if (error instanceof PositionTooVague) {
    const kilometres = (error.accuracyM / 1000).toFixed(1);
    return interpolate(gettext("定位误差约 %s 公里,不能确定网格。请在地图上点出位置。"), [kilometres]);
  }
  if (error.code === PERMISSION_DENIED) return gettext("手机没有允许定位。请在地图上点出位置,或在浏览器设置中允许定位。");
  return gettext("没有取得定位。请在地图上点出位置,或到空旷处再试。");
}
