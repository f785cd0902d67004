# Thin wrappers over ./mvnw, for people who like to type less. `make help` lists them.
MVN = ./mvnw -B -ntp

.DEFAULT_GOAL := help
.PHONY: help build test verify run fmt docs check model proof prove powercut fuzz compare conformance servers dist sbom bench soak image chart alerts kube-test clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | awk -F '\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'

build: ## compile everything and make the jars; no tests
	$(MVN) -DskipTests -Dspotless.check.skip package

test: ## the fast tests
	$(MVN) test

verify: ## tests, with real servers where they are installed (.ci/tools), and all checks: under ten minutes
	$(MVN) verify

run: ## the service on a local folder, config-examples/minimal.yaml; Ctrl-C stops it
	./delivery run config-examples/minimal.yaml

fmt: ## format the sources
	$(MVN) -q -pl '!delivery-testkit/s3proxy,!delivery-junit/s3proxy' spotless:apply

docs: ## write the generated pages in docs/ anew
	$(MVN) -q -pl delivery-daemon -am test -Dupdate.docs=true -Dsurefire.failIfNoSpecifiedTests=false \
		-Dtest='*ReferenceTest,BadInput*Test,BadRequest*Test'

check: ## formatting, dependencies, walls, pages: everything but the other tests
	$(MVN) verify -DskipITs -Dsurefire.failIfNoSpecifiedTests=false \
		-Dtest='WallsTest,DoorsTest,*ReferenceTest,ConfigExamplesTest'

model: ## the landing protocol as a model, every interleaving (docs/protocol); all sizes with make model SIZE=full
	docs/protocol/check $(or $(SIZE),quick)

proof: ## 100,000 seeds of the simulated world, and every crash: make proof SEEDS=5000 FIRST=1
	$(MVN) -pl delivery-daemon -am test -Dsurefire.failIfNoSpecifiedTests=false \
		-Dtest='*SimulationTest,*CrashTableTest,SmallVolumeTest,CrashTableIT,SharedKeySizesTest' -Dcrash.everything=true -Dmemory.everything=true -Dtest.jvm.short= \
		-Dsimulation.seeds=$(or $(SEEDS),100000) -Dsimulation.first=$(or $(FIRST),1)

prove: ## kill the program, disturb every store that is installed: make prove SECONDS=60 SEED=7
	$(MVN) -q -pl delivery-daemon -am test -Dtest='KillIT,ApiKillIT,LakeIT,TransformIT' -Dsurefire.failIfNoSpecifiedTests=false \
		-Dproof.seconds=$(or $(SECONDS),60) $(if $(SEED),-Dproof.seed=$(SEED))

powercut: ## kill the program and take back what it did not sync (Linux, gcc): make powercut SECONDS=60 SEED=7
	$(MVN) -q -pl delivery-daemon -am test -Dtest=PowerCutIT -Dsurefire.failIfNoSpecifiedTests=false \
		-Dproof.seconds=$(or $(SECONDS),60) $(if $(SEED),-Dproof.seed=$(SEED))

fuzz: ## random requests to the API: make fuzz REQUESTS=100000 SEED=7
	$(MVN) -q -pl delivery-daemon -am test -Dtest=ApiFuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
		-Dfuzz.requests=$(or $(REQUESTS),100000) -Dtest.jvm.short= $(if $(SEED),-Dfuzz.seed=$(SEED))

compare: ## fast ways to read records and to write columns against the plain ones: make compare RECORDS=1000000 SEED=7
	$(MVN) -pl delivery-transform -am test -Dsurefire.failIfNoSpecifiedTests=false \
		-Dtest='BytesAgainstTokensTest,SelectiveAgainstWholeTest,SameBytesAsParquetTest' \
		-Ddecoder.records=$(or $(RECORDS),1000000) -Djq.records=$(or $(RECORDS),1000000) \
		-Dcolumns.records=$(or $(RECORDS),1000000) -Dtest.jvm.short= \
		$(if $(SEED),-Ddecoder.seed=$(SEED) -Djq.seed=$(SEED) -Dcolumns.seed=$(SEED))

conformance: ## unchanged clients against the service, the service against every S3 server that is installed
	.ci/conformance

servers: ## every S3 server that is installed (.ci/tools servers): the store's tests, its example, its row in the docs; one of yours: ENDPOINT, ACCESS_KEY, SECRET_KEY, REGION
	DELIVERY_CONFORMANCE=1 $(MVN) -pl delivery-daemon -am verify -Dupdate.docs=true \
		-Dtest=S3ServersTableTest -Dsurefire.failIfNoSpecifiedTests=false \
		-Dit.test='io/delivery/s3/*IT,S3ServerExamplesIT,WebIdentityIT' -Dfailsafe.failIfNoSpecifiedTests=false \
		$(if $(ENDPOINT),-Ds3.endpoint='$(ENDPOINT)' -Ds3.accessKey='$(ACCESS_KEY)' -Ds3.secretKey='$(SECRET_KEY)' -Ds3.region='$(or $(REGION),us-east-1)')

dist: ## delivery-daemon/target/delivery-<version>.tar.gz: runs on any JDK 17 or newer
	$(MVN) -q -Pdist -Dmaven.test.skip=true -pl delivery-daemon -am package
	@ls -l delivery-daemon/target/delivery-*.tar.gz

image: ## target/images: the service, and the service with Python and Node.js, as OCI images; no container engine
	deploy/image/build

chart: ## deploy/manifests anew, as the Helm chart renders them, and all checks of the chart
	deploy/helm/check --write

alerts: ## the alert rules and the queries of the dashboard, tried with promtool (.ci/tools promtool)
	deploy/prometheus/check

kube-test: ## a real Kubernetes of one node, faults under load, the books after each (root; docs/kubernetes.md)
	deploy/kube-test/kube-test $(FAULTS)

sbom: ## what is shipped, its licences and known advisories: docs/reference/libraries.md and target/delivery.cdx.json
	$(MVN) -q -Psbom -pl delivery-daemon -am test -Dupdate.docs=true -Dtest=LibrariesReferenceTest \
		-Dsurefire.failIfNoSpecifiedTests=false
	@ls -l delivery-daemon/target/delivery.cdx.json

bench: ## what can be measured, and how (docs/benchmarks.md)
	@sed -n '/^```/,/^```/p' docs/benchmarks.md

soak: ## an hour of load, restarts and faults; what grows? make soak MINUTES=130
	BENCH_OPTS="-Dminutes=$(or $(MINUTES),65) $(BENCH_OPTS)" delivery-benchmarks/run soak

clean: ## remove what builds made
	$(MVN) -q clean
