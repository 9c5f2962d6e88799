#include <cstring>
#include <dlfcn.h>
#include <jni.h>

extern "C" JNIEXPORT jlong JNICALL Java_org_latent4j_compute_cuda_EmulatedKernels_open(JNIEnv* env, jclass, jstring path) {
    const char* name = env->GetStringUTFChars(path, nullptr);
    void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library) env->ThrowNew(env->FindClass("java/lang/IllegalStateException"), dlerror());
    env->ReleaseStringUTFChars(path, name);
    return (jlong) library;
}

extern "C" JNIEXPORT jlong JNICALL Java_org_latent4j_compute_cuda_EmulatedKernels_symbol(
        JNIEnv* env, jclass, jlong library, jstring symbol) {
    const char* name = env->GetStringUTFChars(symbol, nullptr);
    void* function = dlsym((void*) library, name);
    if (!function) env->ThrowNew(env->FindClass("java/lang/IllegalStateException"), dlerror());
    env->ReleaseStringUTFChars(symbol, name);
    return (jlong) function;
}

// What was wrong with it, or null.
extern "C" JNIEXPORT jstring JNICALL Java_org_latent4j_compute_cuda_EmulatedKernels_run(
        JNIEnv* env, jclass, jlong function, jintArray numbers, jlongArray memory, jlong arguments) {
    jint* ownNumbers = env->GetIntArrayElements(numbers, nullptr);
    jlong* ownMemory = env->GetLongArrayElements(memory, nullptr);
    char problem[512];
    ((void (*)(const int*, const jlong*, char*, void**)) function)(ownNumbers, ownMemory, problem, (void**) arguments);
    env->ReleaseLongArrayElements(memory, ownMemory, JNI_ABORT);
    env->ReleaseIntArrayElements(numbers, ownNumbers, JNI_ABORT);
    return problem[0] ? env->NewStringUTF(problem) : nullptr;
}

extern "C" JNIEXPORT void JNICALL Java_org_latent4j_compute_cuda_EmulatedKernels_copyBytes(
        JNIEnv*, jclass, jlong to, jlong from, jlong bytes) {
    memmove((void*) to, (void*) from, bytes);
}

extern "C" JNIEXPORT void JNICALL Java_org_latent4j_compute_cuda_EmulatedKernels_zeroBytes(JNIEnv*, jclass, jlong to, jlong bytes) {
    memset((void*) to, 0, bytes);
}
