package org.latent4j.compute;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** Each native library is known to one package. */
class ImportBoundaryTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages("org.latent4j");

    @Test
    void onlyTheCpuBackendKnowsOneDnn() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.latent4j.compute.cpu..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco.dnnl..")
                .check(CLASSES);
        classes()
                .that()
                .haveFullyQualifiedName("org.latent4j.compute.cpu.ConvKernels")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco.dnnl..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCudaBackendKnowsCuda() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.latent4j.compute.cuda..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco.cuda..")
                .check(CLASSES);
        classes()
                .that()
                .haveFullyQualifiedName("org.latent4j.compute.cuda.Cuda")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco.cuda..")
                .check(CLASSES);
    }

    @Test
    void graphsDoNotKnowTheirBackends() {
        noClasses()
                .that()
                .resideInAPackage("org.latent4j.compute.graph..")
                .and()
                .haveNameNotMatching(".*(Test|Parity)")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.latent4j.compute.cpu..")
                .check(CLASSES);
    }
}
