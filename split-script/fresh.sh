# A clone as it was before the split: bash fresh.sh CLONE
set -e
cd "$1"
git reset -q --hard; git clean -fdq -e node_modules
rm -rf shared/card shared/purchase
rm -f node_modules/@bianmin/card node_modules/@bianmin/purchase node_modules/@bianmin/shared node_modules/.bin/bianmin-card
ln -s ../../shared node_modules/@bianmin/shared
ln -s ../@bianmin/shared/bin/bianmin-card.mjs node_modules/.bin/bianmin-card
