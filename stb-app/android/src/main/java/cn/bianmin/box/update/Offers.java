package cn.bianmin.box.update;

import cn.bianmin.box.bridge.Failure;

/** Which release is meant for this box. */
interface Offers {
    /** Null: none, or none any more. `said`: of one that was offered; null where there is nothing to say. Blocks. */
    Release ask(Said said) throws Failure;

    /** What this box does, or did, with a release. The same words again change nothing. */
    final class Said {
        final String version;
        /** `installing` or `failed`. */
        final String word;
        /** Why it failed; null otherwise. */
        final String code;

        private Said(String version, String word, String code) {
            this.version = version;
            this.word = word;
            this.code = code;
        }

        static Said installing(Release release) {
            return new Said(release.versionName, "installing", null);
        }

        static Said failed(String version, String code) {
            return new Said(version, "failed", code);
        }
    }
}
